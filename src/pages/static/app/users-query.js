import { useState } from '../library.js';

/** @typedef {'waiting' | 'active' | 'expired' | 'declined' | 'revoked' | 'removed'} Status */

export const STATUSES = /** @type {const} */ (['active', 'waiting', 'expired', 'declined', 'revoked', 'removed']);
export const SORTS = /** @type {const} */ (['-invitedAt', 'invitedAt', 'name', '-name', 'email', '-email']);

/** @typedef {{ search: string, status: string, role: string, sort: string }} UsersQuery */

const USUAL = { search: '', status: '', role: '', sort: '-invitedAt' };

/**
 * What is asked of the users tab. It stands in the address bar, so that it outlives a reload and can be passed on.
 *
 * @returns {[UsersQuery, (change: Partial<UsersQuery>) => void]}
 */
export function useUsersQuery() {
  const [query, setQuery] = useState(() => {
    const given = new URLSearchParams(location.search);
    return Object.fromEntries(Object.entries(USUAL).map(([name, usual]) => [name, given.get(name) ?? usual]));
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
 * Whether a person is among those asked for, as the REST interface decides it.
 *
 * @param {UsersQuery} query
 * @param {{ status: string, role: string, name: string | null, email: string }} user
 */
export function isAskedFor({ status, role, search }, user) {
  const fitsStatus = status === '' ? !['revoked', 'removed'].includes(user.status) : status === user.status;
  const isFound = folded(`${user.name ?? ''} ${user.email}`).includes(folded(search).trim());
  return fitsStatus && isFound && (role === '' || role === user.role);
}

/** Without case and accents. @param {string} text */
function folded(text) {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
