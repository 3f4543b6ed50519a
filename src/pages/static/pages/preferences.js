import { t } from '../app/i18n.js';
import { loadMe, me } from '../app/session.js';
import { html, useEffect, useState } from '../library.js';
import { Frame } from '../parts/frame.js';
import { Heading } from '../parts/heading.js';
import { noticeProblem } from '../parts/notices.js';
import { PreferencesForm } from '../parts/preferences/preferences-form.js';
import { TurnOff } from '../parts/preferences/turn-off.js';

/**
 * Which mails somebody gets, and in which language. The mails themselves lead here, with a token that turns them off: for that, nobody
 * has to sign in.
 */
export function Page() {
  const [token, setToken] = useState(() => location.hash.slice(1));
  useEffect(() => {
    const opened = () => setToken(location.hash.slice(1));
    addEventListener('hashchange', opened);
    return () => removeEventListener('hashchange', opened);
  }, []);
  const chooseAll = () => {
    history.replaceState(null, '', location.pathname);
    setToken('');
  };
  return html`<${Frame} narrow>
    ${token ? html`<${TurnOff} key=${token} token=${token} chooseAll=${chooseAll} />` : html`<${All} />`}
  <//>`;
}

function All() {
  const who = me.use();
  useEffect(() => {
    loadMe().catch(noticeProblem);
  }, []);
  return html`<section class="card" aria-busy=${String(!who)}>
    <${Heading} title=${t('preferences.title')} />
    ${who && html`<${PreferencesForm} key=${who.account.id} account=${who.account} />`}
  </section>`;
}
