import { number, t } from '../../app/i18n.js';
import { SORTS, STATUSES } from '../../app/users-query.js';
import { html } from '../../library.js';
import { Search } from '../search.js';

/** @typedef {import('../../app/users-query.js').UsersQuery} UsersQuery */

const ROLES = /** @type {const} */ (['owner', 'administrator', 'developer']);

/**
 * @param {{ query: UsersQuery, ask: (change: Partial<UsersQuery>) => void,
 *   counts: Record<string, number> | undefined, children?: import('../../library.js').Child }} props
 *   children: what else there is to do with the people
 */
export function UsersToolbar({ query, ask, counts, children }) {
  /** @param {keyof UsersQuery} name */
  const choose = (name) => (/** @type {Event} */ event) =>
    ask({ [name]: /** @type {HTMLSelectElement} */ (event.currentTarget).value });
  const statuses = STATUSES.filter((status) => (counts?.[status] ?? 0) > 0 || query.status === status);
  const everybody = STATUSES.slice(0, 4).reduce((sum, status) => sum + (counts?.[status] ?? 0), 0);
  return html`<div class="toolbar">
    <${Search} label=${t('users.search')} value=${query.search} search=${(/** @type {string} */ search) => ask({ search })} />
    <select aria-label=${t('users.column.permission')} value=${query.role} onChange=${choose('role')}>
      <option value="" selected=${query.role === ''}>${t('users.anyPermission')}</option>
      ${ROLES.map((role) => html`<option value=${role} selected=${query.role === role}>${t(role)}</option>`)}
    </select>
    <select aria-label=${t('users.sort')} value=${query.sort} onChange=${choose('sort')}>
      ${SORTS.map((sort) => html`<option value=${sort} selected=${query.sort === sort}>${t(`users.sort.${sort}`)}</option>`)}
    </select>
    ${children}
    <div class="filters" role="group" aria-label=${t('users.filter')}>
      <${Filter} label=${t('users.everybody')} count=${counts && everybody} on=${query.status === ''} choose=${() => ask({ status: '' })} />
      ${statuses.map(
        (
          status,
        ) => html`<${Filter} key=${status} label=${t(`users.status.${status}`)} count=${counts && (counts[status] ?? 0)}
          on=${query.status === status} choose=${() => ask({ status })} />`,
      )}
    </div>
  </div>`;
}

/** @param {{ label: string, count: number | undefined, on: boolean, choose: () => void }} props */
function Filter({ label, count, on, choose }) {
  return html`<button type="button" aria-pressed=${String(on)} onClick=${choose}>
    ${label} <span class="quiet">${count === undefined ? '' : number(count)}</span>
  </button>`;
}
