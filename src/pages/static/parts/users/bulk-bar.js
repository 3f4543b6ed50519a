import { t } from '../../app/i18n.js';
import { html } from '../../library.js';

/** @param {{ count: number, resend: () => void, remove: () => void, clear: () => void }} props */
export function BulkBar({ count, resend, remove, clear }) {
  return html`<div class="bulk" role="region" aria-label=${t('users.selected', { count })}>
    <strong role="status">${t('users.selected', { count })}</strong>
    <button type="button" disabled=${count === 0} onClick=${resend}>${t('users.resend')}</button>
    <button type="button" class="danger" disabled=${count === 0} onClick=${remove}>${t('users.delete')}</button>
    <button type="button" class="icon-button" aria-label=${t('users.clearSelection')} onClick=${clear}>×</button>
  </div>`;
}
