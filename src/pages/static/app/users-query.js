import { searchOf, useAddressQuery } from './address-query.js';

/** @typedef {'waiting' | 'active' | 'expired' | 'declined' | 'revoked' | 'removed'} Status */

export const STATUSES = /** @type {const} */ (['active', 'waiting', 'expired', 'declined', 'revoked', 'removed']);
export const SORTS = /** @type {const} */ (['-invitedAt', 'invitedAt', 'name', '-name', 'email', '-email']);

/**
 * What is asked for; `asOf` is an instant for the tab as it stood then, or nothing for how it stands.
 *
 * @typedef {{ search: string, status: string, role: string, sort: string, asOf: string }} UsersQuery
 */

const USUAL = { search: '', status: '', role: '', sort: '-invitedAt', asOf: '' };

/** What is asked of the users tab. */
export function useUsersQuery() {
  return useAddressQuery(/** @type {UsersQuery} */ (USUAL), (query) =>
    Number.isNaN(Date.parse(query.asOf)) ? { ...query, asOf: '' } : query,
  );
}

/**
 * @param {UsersQuery} query
 * @param {Record<string, string>} [more]
 */
export function asSearch(query, more = {}) {
  return searchOf(query, USUAL, more);
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
