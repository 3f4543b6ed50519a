import { useAddress } from './use-address.js';

/** @typedef {'waiting' | 'active' | 'expired' | 'declined' | 'revoked' | 'removed'} Status */

export const STATUSES = /** @type {const} */ (['active', 'waiting', 'expired', 'declined', 'revoked', 'removed']);
export const SORTS = /** @type {const} */ (['-invitedAt', 'invitedAt', 'name', '-name', 'email', '-email']);

/**
 * What is asked for; `asOf` is an instant for the tab as it stood then, or nothing for how it stands.
 *
 * @typedef {{ search: string, status: string, role: string, sort: string, asOf: string }} UsersQuery
 */

const USUAL = { search: '', status: '', role: '', sort: '-invitedAt', asOf: '' };

/**
 * What is asked of the users tab. It stands in the address bar, so that it outlives a reload and can be passed on.
 *
 * @returns {[UsersQuery, (change: Partial<UsersQuery>) => void]}
 */
export function useUsersQuery() {
  const [query, setQuery] = useAddress(() => {
    const given = new URLSearchParams(location.search);
    const query = Object.fromEntries(Object.entries(USUAL).map(([name, usual]) => [name, given.get(name) ?? usual]));
    return Number.isNaN(Date.parse(query['asOf'] ?? '')) ? { ...query, asOf: '' } : query;
  });
  return [
    /** @type {UsersQuery} */ (query),
    (change) =>
      setQuery((before) => {
        const next = { ...before, ...change };
        history.replaceState(null, '', `${location.pathname}${asSearch(/** @type {UsersQuery} */ (next))}`);
        return next;
      }),
  ];
}

/**
 * @param {UsersQuery} query
 * @param {Record<string, string>} [more]
 */
export function asSearch(query, more = {}) {
  const parameters = new URLSearchParams(more);
  for (const [name, usual] of Object.entries(USUAL)) {
    const value = query[/** @type {keyof UsersQuery} */ (name)].trim();
    if (value !== usual) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/**
 * Whether a person is among those asked for, as far as it can be told here: not by a search.
 *
 * @param {UsersQuery} query
 * @param {{ status: string, role: string }} user
 */
export function isAskedFor({ status, role }, user) {
  const fitsStatus = status === '' ? !['revoked', 'removed'].includes(user.status) : status === user.status;
  return fitsStatus && (role === '' || role === user.role);
}
