import { ApiProblem, ask } from '../../app/api.js';
import { byPerson } from '../../app/by-person.js';
import { dateTime, t } from '../../app/i18n.js';
import { loadMe } from '../../app/session.js';
import { useRequestKey } from '../../app/use-request-key.js';
import { useTask } from '../../app/use-task.js';
import { html, useRef, useState } from '../../library.js';
import { noticeProblem } from '../notices.js';
import { Problem } from '../problem.js';
import { TextField } from '../text-field.js';
import { InvitationHeading } from './invitation-heading.js';

/** What says that the invitation is not as it was when it was looked at. */
const CHANGED = /^(?:invitation-|inviter-not-allowed|wrong-account|sign-in-required|session-ended)/;

/**
 * Accepting or declining. There is no form: a script could submit one.
 *
 * @param {{ invitation: import('../../pages/accept.js').Invitation, token: string, reload: () => Promise<void>,
 *   accepted: (workspace: { id: string, name: string }) => void, declined: () => void }} props
 */
export function OpenInvitation({ invitation, token, reload, accepted, declined }) {
  const { accountExists, expiresAt } = invitation;
  const [name, setName] = useState(invitation.name ?? '');
  const [unnamed, setUnnamed] = useState(false);
  const field = useRef(/** @type {HTMLElement | null} */ (null));

  const { keyOf } = useRequestKey();
  const answer = useTask(async (/** @type {() => Promise<void>} */ send) => {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof ApiProblem && CHANGED.test(error.code))) throw error;
      await reload();
    }
  });
  const accept = async () => {
    const body = { token, cookie: true, ...(accountExists ? {} : { name: name.trim() }) };
    const { workspace } = await ask('POST /invitations/accept', { body, key: keyOf(body), mayBeNobody: true });
    // The link has done its work: it need not stay in the address bar, or in the history.
    history.replaceState(null, '', location.pathname);
    accepted(workspace);
    await loadMe({ mayBeNobody: true }).catch(noticeProblem);
  };
  const decline = async () => {
    await ask('POST /invitations/decline', { body: { token }, mayBeNobody: true });
    history.replaceState(null, '', location.pathname);
    declined();
  };
  const acceptNow = () => {
    const isUnnamed = !accountExists && name.trim() === '';
    setUnnamed(isUnnamed);
    if (isUnnamed) field.current?.querySelector('input')?.focus();
    else void answer.run(accept);
  };

  return html`
    <${InvitationHeading} invitation=${invitation} />
    ${
      !accountExists &&
      html`<div ref=${field} onKeyDown=${byPerson((/** @type {KeyboardEvent} */ event) => {
        if (event.key === 'Enter' && !event.isComposing) acceptNow();
      })}>
        <${TextField} label=${t('accept.yourName')} value=${name} change=${setName} name="name" autocomplete="name"
          maxlength="100" aria-required="true" aria-invalid=${unnamed ? 'true' : undefined}
          aria-describedby="accept-problem" />
      </div>`
    }
    <${Problem} id="accept-problem" text=${unnamed ? t('accept.nameMissing') : answer.problem} />
    <div class="actions">
      <button type="button" class="primary" disabled=${answer.busy} onClick=${byPerson(acceptNow)}>${t('accept.accept')}</button>
      <button type="button" disabled=${answer.busy} onClick=${byPerson(() => void answer.run(decline))}>${t('accept.decline')}</button>
    </div>
    <p class="quiet small until">${t('accept.goodUntil', { when: dateTime(expiresAt) })}</p>
  `;
}
