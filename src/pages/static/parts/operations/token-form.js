import { t } from '../../app/i18n.js';
import { askAsOperator, keepToken } from '../../app/operator.js';
import { useTask } from '../../app/use-task.js';
import { html, useState } from '../../library.js';
import { Frame } from '../frame.js';
import { Heading } from '../heading.js';
import { Problem } from '../problem.js';
import { TextField } from '../text-field.js';

/** Asks for an operator's token, and keeps it if it is one. */
export function TokenForm() {
  const [token, setToken] = useState('');
  const { busy, problem, run } = useTask(async () => {
    await askAsOperator('GET /operations/reactor', { token: token.trim() });
    keepToken(token.trim());
  });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void run();
  };
  return html`<${Frame} narrow>
    <section class="card">
      <${Heading} title=${t('ops.title')} quiet />
      <p class="quiet">${t('ops.lead')}</p>
      <pre class="command" tabindex="0" aria-label=${t('ops.command')}><span>npm run operate --</span> <span>operators token</span> <span>--for you@example.com</span></pre>
      <form onSubmit=${submit}>
        <${TextField} label=${t('ops.token')} value=${token} change=${setToken} type="password" name="operator-token"
          autocomplete="off" required autofocus />
        <${Problem} text=${problem} />
        <button type="submit" class="primary block" disabled=${busy}>${t('ops.enter')}</button>
      </form>
    </section>
  <//>`;
}
