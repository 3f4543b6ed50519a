import { t } from '../app/i18n.js';
import { store } from '../app/store.js';
import { html } from '../library.js';
import { Dialog } from './dialog.js';

const shownLink = store(/** @type {{ title: string, url: string } | undefined} */ (undefined));

/**
 * Puts a link into the clipboard; where the browser lets no page do that, as without https, shows it to be copied by hand.
 *
 * @param {string} url
 * @param {string} title of the dialog
 * @returns {Promise<boolean>} whether it is in the clipboard
 */
export async function copyLink(url, title) {
  try {
    await navigator.clipboard.writeText(url);
    return true;
  } catch {
    shownLink.set({ title, url });
    return false;
  }
}

export function LinkToCopy() {
  const link = shownLink.use();
  if (!link) return null;
  const close = () => shownLink.set(undefined);
  return html`<${Dialog} title=${link.title} close=${close}>
    <p class="quiet">${t('copyByHand')}</p>
    <input readonly autofocus aria-label=${link.title} value=${link.url}
      onFocus=${(/** @type {FocusEvent} */ { currentTarget }) => /** @type {HTMLInputElement} */ (currentTarget).select()} />
    <div class="actions end"><button type="button" class="primary" onClick=${close}>${t('close')}</button></div>
  <//>`;
}
