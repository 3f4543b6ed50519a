import { t } from '../../app/i18n.js';
import { html } from '../../library.js';

/**
 * @param {{ query: import('../../app/users-query.js').UsersQuery,
 *   ask: (change: Partial<import('../../app/users-query.js').UsersQuery>) => void,
 *   action?: import('../../library.js').Child }} props
 */
export function NobodyHere({ query, ask, action }) {
  const isFiltered = query.search !== '' || query.status !== '' || query.role !== '';
  const kind = isFiltered ? 'none' : query.asOf === '' ? 'empty' : 'nobodyThen';
  return html`<section class="empty">
    <h2>${t(`users.${kind}Title`)}</h2>
    <p class="quiet">${t(`users.${kind}Text`)}</p>
    ${
      isFiltered
        ? html`<button type="button" onClick=${() => ask({ search: '', status: '', role: '' })}>${t('users.clearFilters')}</button>`
        : action
    }
  </section>`;
}
