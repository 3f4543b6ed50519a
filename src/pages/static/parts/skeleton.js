import { t } from '../app/i18n.js';
import { html } from '../library.js';

/** Rows of a list that fit into most windows. */
const ROWS = Array.from({ length: 8 });

/** Stands where a list will, while there is nothing of it yet. */
export function Skeleton() {
  return html`<div class="skeleton" role="status">
    <span class="hidden-text">${t('loading')}</span>
    ${ROWS.map(
      () => html`<div class="skeleton-row" aria-hidden="true">
        <span class="bone round"></span><span class="bone"></span><span class="bone short"></span>
      </div>`,
    )}
  </div>`;
}
