import { t } from '../app/i18n.js';
import { loadMe, me } from '../app/session.js';
import { html, useEffect } from '../library.js';
import { Frame } from '../parts/frame.js';
import { Heading } from '../parts/heading.js';
import { noticeProblem } from '../parts/notices.js';
import { PreferencesForm } from '../parts/preferences/preferences-form.js';

/** Which mails somebody gets, and in which language: where the mails themselves lead to. */
export function Page() {
  const who = me.use();
  useEffect(() => {
    loadMe().catch(noticeProblem);
  }, []);
  return html`<${Frame} narrow>
    <section class="card" aria-busy=${String(!who)}>
      <${Heading} title=${t('preferences.title')} />
      ${who && html`<${PreferencesForm} key=${who.account.id} account=${who.account} />`}
    </section>
  <//>`;
}
