import { t } from '../../app/i18n.js';
import { useTask } from '../../app/use-task.js';
import { html, useState } from '../../library.js';
import { Dialog } from '../dialog.js';
import { Problem } from '../problem.js';
import { TextField } from '../text-field.js';

/**
 * @param {{ user: import('../../app/people.js').User, actions: import('../../app/user-actions.js').UserActions,
 *   close: () => void }} props
 */
export function CorrectAddress({ user, actions, close }) {
  const [email, setEmail] = useState(user.email);
  const { busy, problem, run } = useTask(async () => {
    await actions.correctAddress(user, email.trim());
    close();
  });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void run();
  };
  return html`<${Dialog} title=${t('users.correctAddress')} close=${close}>
    <form onSubmit=${submit}>
      <p class="quiet">${t('users.correctText', { email: user.email })}</p>
      <${TextField} label=${t('users.newAddress')} type="email" required maxlength="320" autofocus value=${email} change=${setEmail} />
      <${Problem} text=${problem} />
      <div class="actions end">
        <button type="button" onClick=${close}>${t('cancel')}</button>
        <button type="submit" class="primary" disabled=${busy || email.trim() === user.email}>${t('users.correctAddress')}</button>
      </div>
    </form>
  <//>`;
}
