import { ask } from '../../app/api.js';
import { byPerson } from '../../app/by-person.js';
import { t, tOr } from '../../app/i18n.js';
import { useTask } from '../../app/use-task.js';
import { html, useState } from '../../library.js';
import { Heading } from '../heading.js';
import { Problem } from '../problem.js';

/** Links for which the inviter can be asked for a new one. */
const RENEWABLE = new Set(['expired', 'superseded']);

/** What may be better in a moment. */
const PASSING = /^(?:offline|unknown|too-many-requests|internal-error|.*-unavailable)$/;

/**
 * Why a link cannot be accepted, and what to do.
 *
 * @param {{ code: string, token: string, reload: () => Promise<void>,
 *   invitation?: import('../../pages/accept.js').Invitation }} props
 */
export function ClosedInvitation({ code, token, invitation, reload }) {
  const [asked, setAsked] = useState(false);
  const { busy, problem, run } = useTask(async () => {
    await ask('POST /invitations/request-renewal', { body: { token } });
    setAsked(true);
  });
  const inviter = invitation?.inviter.name ?? t('accept.inviter');
  if (asked) {
    return html`<${Heading} title=${t('accept.askedTitle')} /><p class="quiet">${t('accept.askedText', { inviter })}</p>`;
  }
  const why = code.replace(/^invitation-/, '');
  const values = { inviter, workspace: invitation?.workspace.name ?? '' };
  return html`
    <${Heading} title=${tOr(`accept.${why}.title`, 'accept.unknown.title', values)} />
    <p>${tOr(`accept.${why}.text`, 'accept.unknown.text', values)}</p>
    <${Problem} text=${problem} />
    <div class="actions">
      ${RENEWABLE.has(why) && html`<button type="button" class="primary" disabled=${busy} onClick=${byPerson(() => void run())}>${t('accept.askForNew')}</button>`}
      ${why === 'already-accepted' && html`<a class="button primary" href="/">${t('accept.goOn')}</a>`}
      ${PASSING.test(why) && html`<button type="button" class="primary" onClick=${() => void reload()}>${t('retry')}</button>`}
    </div>
  `;
}
