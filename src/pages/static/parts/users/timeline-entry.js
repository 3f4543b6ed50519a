import { dateTime, number, t } from '../../app/i18n.js';
import { html } from '../../library.js';
import { When } from '../when.js';

/**
 * Something that happened with a person, as the REST interface tells it.
 *
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} type
 * @property {string} at
 * @property {string} words
 * @property {{ type: string, id: string, name: string | null } | null} actor
 * @property {number} [issue]
 * @property {number} [attempt]
 * @property {string} [message]
 * @property {string} [reply]
 * @property {number} [code]
 * @property {string} [enhancedCode]
 * @property {string} [messageId]
 * @property {string} [nextAttemptAt]
 */

/** How it went, for those types of which it can be said. */
const MOODS = /** @type {Readonly<Record<string, string>>} */ ({
  founded: 'good',
  accepted: 'good',
  'mail-sent': 'good',
  'mail-delivered': 'good',
  invited: 'new',
  resent: 'new',
  expired: 'warn',
  declined: 'warn',
  'mail-deferred': 'warn',
  'mail-suppressed': 'warn',
  'acceptance-refused': 'bad',
  removed: 'bad',
  'mail-failed': 'bad',
  'mail-bounced': 'bad',
});

/** @param {{ entry: Entry }} props */
export function TimelineEntry({ entry }) {
  const { type, at, words, actor } = entry;
  const facts = factsOf(entry);
  return html`<li class=${`entry ${MOODS[type] ?? ''}`} data-type=${type}>
    <p class="entry-words">${words}</p>
    <p class="small quiet"><${When} at=${at} />${actor && html` · <span class="actor">${actorName(actor)}</span>`}</p>
    ${
      facts.length > 0 &&
      html`<details>
        <summary class="small">${t('timeline.details')}</summary>
        <dl class="facts small">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      </details>`
    }
  </li>`;
}

/** @param {NonNullable<Entry['actor']>} actor */
function actorName({ type, name }) {
  if (type === 'service') return t('timeline.service');
  return name ?? t('timeline.somebody');
}

/**
 * What is worth knowing only to whoever asks.
 *
 * @param {Entry} entry
 * @returns {[name: string, value: import('../../library.js').Child][]}
 */
function factsOf({ issue, attempt, message, reply, code, enhancedCode, messageId, nextAttemptAt }) {
  /** @type {[string, import('../../library.js').Child][]} */
  const facts = [];
  if (message) facts.push([t('timeline.message'), message]);
  if (reply) facts.push([t('timeline.reply'), html`<code>${reply}</code>`]);
  if (code) facts.push([t('timeline.code'), html`<code>${[code, enhancedCode].filter(Boolean).join(' ')}</code>`]);
  if (issue && attempt) {
    facts.push([t('timeline.attempt'), t('timeline.attemptOf', { attempt: number(attempt), mail: number(issue) })]);
  }
  if (nextAttemptAt)
    facts.push([t('timeline.next'), html`<time datetime=${nextAttemptAt}>${dateTime(nextAttemptAt)}</time>`]);
  if (messageId) facts.push(['Message-ID', html`<code>${messageId}</code>`]);
  return facts;
}
