import type { UserRow } from './row.js';
import { searchText } from './search-text.js';

/** What a person is searched and sorted by. */
export interface UserKeys {
  readonly search: string;
  readonly name_key: string;
  readonly email_key: string;
}

/** A row as stored: what is shown, and what it is searched and sorted by. */
export interface StoredUserRow extends UserRow, UserKeys {}

/** The keys that a person is found and sorted by; those without a name sort by their address. */
export function keysOf({ name, email }: Pick<UserRow, 'name' | 'email'>): UserKeys {
  const email_key = searchText(email);
  return { email_key, name_key: searchText(name ?? email), search: searchText(name, email) };
}

/** A changed row with its keys, which are made anew only where what they are made of has changed. */
export function withKeys(row: UserRow, before: StoredUserRow | undefined): StoredUserRow {
  if (before?.name !== row.name || before.email !== row.email) return { ...row, ...keysOf(row) };
  if ('search' in row) return row as StoredUserRow;
  const { search, name_key, email_key } = before;
  return { ...row, search, name_key, email_key };
}
