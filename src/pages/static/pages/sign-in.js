import { ask } from '../app/api.js';
import { byPerson } from '../app/by-person.js';
import { shown, t } from '../app/i18n.js';
import { go } from '../app/router.js';
import { me, takeNext } from '../app/session.js';
import { useTask } from '../app/use-task.js';
import { html, useEffect, useState } from '../library.js';
import { Frame } from '../parts/frame.js';
import { Heading } from '../parts/heading.js';
import { Problem } from '../parts/problem.js';

/** Asks for an address and has a link mailed; opened by that link, signs in: on a click, for mail scanners open links too. */
export function Page() {
  const [token, setToken] = useState(() => location.hash.slice(1));
  const [sentTo, setSentTo] = useState('');
  // The link may be opened in the tab that asked for it, which then only learns of another fragment.
  useEffect(() => {
    const opened = () => setToken(location.hash.slice(1));
    addEventListener('hashchange', opened);
    opened();
    return () => removeEventListener('hashchange', opened);
  }, []);
  const startAgain = () => {
    history.replaceState(null, '', location.pathname);
    setToken('');
    setSentTo('');
  };
  return html`<${Frame} narrow>
    <section class="card">
      ${token && html`<${ByLink} token=${token} startAgain=${startAgain} />`}
      ${!token && sentTo && html`<${Sent} email=${sentTo} startAgain=${startAgain} />`}
      ${!token && !sentTo && html`<${AskForLink} sent=${setSentTo} />`}
    </section>
  <//>`;
}

/** @param {{ sent: (email: string) => void }} props */
function AskForLink({ sent }) {
  const [email, setEmail] = useState('');
  const { busy, problem, run } = useTask(async () => {
    await ask('POST /sign-in-links', { body: { email, locale: shown.get().language } });
    sent(email);
  });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void run();
  };
  return html`
    <${Heading} title=${t('signIn.title')} quiet />
    <p class="quiet">${t('signIn.lead')}</p>
    <form onSubmit=${submit}>
      <label class="field">
        <span>${t('signIn.email')}</span>
        <input type="email" name="email" autocomplete="email" required autofocus maxlength="320" value=${email}
          aria-describedby="sign-in-problem"
          onInput=${(/** @type {InputEvent} */ event) => setEmail(/** @type {HTMLInputElement} */ (event.currentTarget).value)} />
      </label>
      <${Problem} id="sign-in-problem" text=${problem} />
      <button type="submit" class="primary block" disabled=${busy}>${t('signIn.send')}</button>
    </form>
  `;
}

/** @param {{ email: string, startAgain: () => void }} props */
function Sent({ email, startAgain }) {
  const inbox = document.querySelector('meta[name=inbox]')?.getAttribute('content');
  return html`
    <${Heading} title=${t('signIn.sentTitle')} />
    <p>${t('signIn.sentText', { email })}</p>
    <div class="actions">
      ${inbox && html`<a class="button primary" href=${inbox}>${t('openInbox')}</a>`}
      <button type="button" onClick=${startAgain}>${t('signIn.otherAddress')}</button>
    </div>
  `;
}

/** @param {{ token: string, startAgain: () => void }} props */
function ByLink({ token, startAgain }) {
  const { busy, problem, run } = useTask(async () => {
    await ask('POST /sessions', { body: { token, cookie: true } });
    me.set(undefined);
    go(takeNext(), { replace: true });
  });
  if (problem) {
    return html`
      <${Heading} title=${t('signIn.failedTitle')} />
      <${Problem} text=${problem} />
      <div class="actions"><button type="button" class="primary" onClick=${startAgain}>${t('signIn.send')}</button></div>
    `;
  }
  return html`
    <${Heading} title=${t('signIn.readyTitle')} />
    <p class="quiet">${t('signIn.readyText')}</p>
    <button type="button" class="primary block" disabled=${busy} onClick=${byPerson(() => void run())}>${t('signIn.continue')}</button>
  `;
}
