import { clock } from '../../app/days.js';
import { dateTime, number, t } from '../../app/i18n.js';
import { namesIn } from '../../app/names-in.js';
import { html } from '../../library.js';
import { usersAsOf } from './as-of.js';

/**
 * A record of the audit history, as the REST interface tells it.
 *
 * @typedef {object} AuditRecord
 * @property {string} id
 * @property {number} sequence
 * @property {string} at
 * @property {string} type
 * @property {string} words
 * @property {{ type: string, id: string | null, name: string | null } | null} actor
 * @property {{ userId: string, name: string | null, email: string | null } | null} subject
 * @property {{ ip: string | null, userAgent: string | null, requestId: string | null }} from
 * @property {Record<string, unknown>} data
 * @property {string} hash
 */

/** @typedef {{ actor: string } | { subject: string }} Narrowing */

/** How it went, for those types of which it can be said. */
const MOODS = /** @type {Readonly<Record<string, string>>} */ ({
  WorkspaceCreated: 'good',
  FounderJoined: 'good',
  InvitationAccepted: 'good',
  InvitationEmailSent: 'good',
  InvitationEmailDelivered: 'good',
  UserInvited: 'new',
  InvitationResent: 'new',
  InvitationExpired: 'warn',
  InvitationDeclined: 'warn',
  InvitationEmailDeferred: 'warn',
  InvitationEmailSuppressed: 'warn',
  InvitationEmailFailed: 'bad',
  InvitationEmailBounced: 'bad',
  InvitationAcceptanceRefused: 'bad',
  RequestRefused: 'bad',
  UserRemoved: 'bad',
});

/**
 * @param {{ record: AuditRecord, workspaceId: string, narrow: (to: Narrowing) => void }} props
 *   narrow: shows only what somebody did, or what concerns them
 */
export function HistoryRecord({ record, workspaceId, narrow }) {
  const { sequence, type, at, words } = record;
  const people = peopleOf(record);
  return html`<li class=${`entry record ${MOODS[type] ?? ''}`} data-type=${type} data-sequence=${sequence}>
    <time class="small quiet" datetime=${at} title=${dateTime(at)}>${clock(at)}</time>
    <div>
      <p class="entry-words">${namesIn(words, people).map(({ text, person }) =>
        person
          ? html`<button type="button" class="name" title=${person.title} onClick=${() => narrow(person.to)}>${text}</button>`
          : text,
      )}</p>
      <details>
        <summary class="small">${t('history.details')}</summary>
        <${Facts} record=${record} />
        <p class="ways small">
          <a href=${usersAsOf(workspaceId, at)}>${t('history.usersThen')}</a>
          ${people.map(({ title, to }) => html`<button type="button" class="name" onClick=${() => narrow(to)}>${title}</button>`)}
        </p>
      </details>
    </div>
  </li>`;
}

/** @typedef {{ name: string, title: string, to: Narrowing }} Named */

/**
 * Who can be asked about. Whoever did something with themselves is asked about as the one it is about.
 *
 * @param {AuditRecord} record
 * @returns {Named[]}
 */
function peopleOf({ actor, subject }) {
  /** @type {Named[]} */
  const people = [];
  if (subject) {
    const name = subject.name ?? subject.email ?? '';
    people.push({ name, title: t('history.onlyAbout', { who: name }), to: { subject: subject.userId } });
  }
  if (actor?.id && actor.name && actor.type !== 'service' && actor.id !== subject?.userId) {
    people.push({ name: actor.name, title: t('history.onlyBy', { who: actor.name }), to: { actor: actor.id } });
  }
  return people.filter(({ name }) => name !== '');
}

/** @param {{ record: AuditRecord }} props */
function Facts({ record: { sequence, at, from, data, hash } }) {
  return html`<dl class="facts small">
    <dt>${t('history.number')}</dt><dd>${number(sequence)} · <time datetime=${at}>${dateTime(at)}</time></dd>
    ${from.ip && html`<dt>${t('history.address')}</dt><dd><code>${from.ip}</code></dd>`}
    ${from.userAgent && html`<dt>${t('history.client')}</dt><dd>${from.userAgent}</dd>`}
    ${from.requestId && html`<dt>${t('history.request')}</dt><dd><code>${from.requestId}</code></dd>`}
    <dt>${t('history.hash')}</dt><dd><code>${hash}</code></dd>
    <dt>${t('history.data')}</dt><dd><code class="data">${JSON.stringify(data, null, 2)}</code></dd>
  </dl>`;
}
