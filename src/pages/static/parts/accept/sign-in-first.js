import { ask } from '../../app/api.js';
import { byPerson } from '../../app/by-person.js';
import { shown, t } from '../../app/i18n.js';
import { rememberNext } from '../../app/session.js';
import { useTask } from '../../app/use-task.js';
import { html, useState } from '../../library.js';
import { Heading } from '../heading.js';
import { Problem } from '../problem.js';
import { InvitationHeading } from './invitation-heading.js';

/**
 * The address has an account: whoever accepts signs in to it first, and is led back here.
 *
 * @param {{ invitation: import('../../pages/accept.js').Invitation }} props
 */
export function SignInFirst({ invitation }) {
  const { email } = invitation;
  const [sent, setSent] = useState(false);
  const { busy, problem, run } = useTask(async () => {
    await ask('POST /sign-in-links', { body: { email, locale: shown.get().language } });
    rememberNext(location.pathname + location.hash);
    setSent(true);
  });
  if (sent) {
    const inbox = document.querySelector('meta[name=inbox]')?.getAttribute('content');
    return html`
      <${Heading} title=${t('signIn.sentTitle')} />
      <p>${t('signIn.sentText', { email })} ${t('accept.backHere')}</p>
      ${inbox && html`<div class="actions"><a class="button primary" href=${inbox}>${t('openInbox')}</a></div>`}
    `;
  }
  return html`
    <${InvitationHeading} invitation=${invitation} />
    <p>${t('accept.hasAccount')}</p>
    <${Problem} text=${problem} />
    <div class="actions">
      <button type="button" class="primary" disabled=${busy} onClick=${byPerson(() => void run())}>${t('signIn.send')}</button>
    </div>
  `;
}
