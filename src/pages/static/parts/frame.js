import { t } from '../app/i18n.js';
import { online, reachable } from '../app/online.js';
import { me } from '../app/session.js';
import { html } from '../library.js';
import { AccountMenu } from './account-menu.js';
import { LanguageChoice } from './language-choice.js';
import { WorkspaceMenu } from './workspace-menu.js';

/**
 * What stands around every page.
 *
 * @param {{ narrow?: boolean, workspaceId?: string, children?: import('../library.js').Child }} props
 */
export function Frame({ narrow = false, workspaceId, children }) {
  const who = me.use();
  const isReachable = [online.use(), reachable.use()].every(Boolean);
  return html`
    <a class="skip" href="#main">${t('skipToContent')}</a>
    <header class="top">
      <a class="brand" href="/" aria-label=${t('product')}><span class="mark" aria-hidden="true"></span><span class="name">${t('product')}</span></a>
      ${who && html`<${WorkspaceMenu} me=${who} workspaceId=${workspaceId} />`}
      <span class="spring"></span>
      ${who ? html`<${AccountMenu} me=${who} />` : html`<${LanguageChoice} />`}
    </header>
    ${!isReachable && html`<p class="banner" role="status">${t('offline')}</p>`}
    <main id="main" class=${narrow ? 'narrow' : 'wide'} tabindex="-1">${children}</main>
  `;
}
