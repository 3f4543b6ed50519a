import { number, t } from '../../app/i18n.js';
import { SORTS, STATUSES } from '../../app/users-query.js';
import { html, useEffect, useRef, useState } from '../../library.js';

/** @typedef {import('../../app/users-query.js').UsersQuery} UsersQuery */

/** Milliseconds without a key until what was typed is searched for. */
const PAUSE = 180;

const ROLES = /** @type {const} */ (['owner', 'administrator', 'developer']);

/**
 * @param {{ query: UsersQuery, ask: (change: Partial<UsersQuery>) => void,
 *   counts: Record<string, number> | undefined }} props
 */
export function UsersToolbar({ query, ask, counts }) {
  /** @param {keyof UsersQuery} name */
  const choose = (name) => (/** @type {Event} */ event) =>
    ask({ [name]: /** @type {HTMLSelectElement} */ (event.currentTarget).value });
  const statuses = STATUSES.filter((status) => (counts?.[status] ?? 0) > 0 || query.status === status);
  const everybody = STATUSES.slice(0, 4).reduce((sum, status) => sum + (counts?.[status] ?? 0), 0);
  return html`<div class="toolbar">
    <${Search} value=${query.search} search=${(/** @type {string} */ search) => ask({ search })} />
    <select aria-label=${t('users.column.permission')} value=${query.role} onChange=${choose('role')}>
      <option value="" selected=${query.role === ''}>${t('users.anyPermission')}</option>
      ${ROLES.map((role) => html`<option value=${role} selected=${query.role === role}>${t(role)}</option>`)}
    </select>
    <select aria-label=${t('users.sort')} value=${query.sort} onChange=${choose('sort')}>
      ${SORTS.map((sort) => html`<option value=${sort} selected=${query.sort === sort}>${t(`users.sort.${sort}`)}</option>`)}
    </select>
    <div class="filters" role="group" aria-label=${t('users.filter')}>
      <${Filter} label=${t('users.everybody')} count=${everybody} on=${query.status === ''} choose=${() => ask({ status: '' })} />
      ${statuses.map(
        (status) => html`<${Filter} key=${status} label=${t(`users.status.${status}`)} count=${counts?.[status] ?? 0}
          on=${query.status === status} choose=${() => ask({ status })} />`,
      )}
    </div>
  </div>`;
}

/** @param {{ label: string, count: number, on: boolean, choose: () => void }} props */
function Filter({ label, count, on, choose }) {
  return html`<button type="button" aria-pressed=${String(on)} onClick=${choose}>
    ${label} <span class="quiet">${number(count)}</span>
  </button>`;
}

/** @param {{ value: string, search: (text: string) => void }} props */
function Search({ value, search }) {
  const [typed, setTyped] = useState(value);
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const searched = useRef(value);
  useEffect(() => {
    // What was searched for from here has been typed on since: only what others ask for replaces it.
    if (value === searched.current) return;
    clearTimeout(timer.current);
    searched.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  /** @param {InputEvent} event */
  const input = (event) => {
    const text = /** @type {HTMLInputElement} */ (event.currentTarget).value;
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      searched.current = text;
      search(text);
    }, PAUSE);
  };
  return html`<input type="search" class="search" maxlength="100" aria-label=${t('users.search')}
    placeholder=${t('users.search')} value=${typed} onInput=${input} />`;
}
