import { ask } from '../../app/api.js';
import { byPerson } from '../../app/by-person.js';
import { t } from '../../app/i18n.js';
import { me } from '../../app/session.js';
import { useTask } from '../../app/use-task.js';
import { html } from '../../library.js';
import { Heading } from '../heading.js';
import { Problem } from '../problem.js';

/**
 * Somebody is signed in with another address than was invited. Switching keeps the invitation: its link stays where it is.
 *
 * @param {{ invitation: import('../../pages/accept.js').Invitation, account: { email: string }, switched: () => Promise<void> }} props
 */
export function OtherAccount({ invitation, account, switched }) {
  const { busy, problem, run } = useTask(async () => {
    await ask('DELETE /session', { key: null });
    me.set(undefined);
    await switched();
  });
  return html`
    <${Heading} title=${t('accept.otherTitle')} />
    <p>${t('accept.otherText', { workspace: invitation.workspace.name, email: invitation.email, account: account.email })}</p>
    <${Problem} text=${problem} />
    <div class="actions">
      <button type="button" class="primary" disabled=${busy} onClick=${byPerson(() => void run())}>${t('accept.switch')}</button>
      <a class="button" href="/">${t('accept.stay')}</a>
    </div>
  `;
}
