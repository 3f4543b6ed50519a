import { t } from '../app/i18n.js';
import { signOut } from '../app/session.js';
import { html } from '../library.js';
import { Avatar } from './avatar.js';
import { LanguageChoice } from './language-choice.js';
import { Menu } from './menu.js';
import { noticeProblem } from './notices.js';

/** @param {{ me: import('../app/session.js').Me }} props */
export function AccountMenu({ me: { account } }) {
  const leave = () => signOut().catch(noticeProblem);
  return html`<${Menu}
    label=${t('account')}
    kind="round"
    face=${html`<${Avatar} name=${account.name} />`}
    above=${html`<p><strong>${account.name}</strong><br /><span class="quiet">${account.email}</span></p><${LanguageChoice} />`}
    items=${[{ label: t('preferences.title'), href: '/preferences' }, { label: t('signOut'), action: leave }]}
  />`;
}
