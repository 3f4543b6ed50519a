import type { UserRow } from './row.js';
import { searchText } from './search-text.js';

/** What a person is searched and sorted by. */
export interface UserKeys {
  readonly search: string;
  readonly name_key: string;
  readonly email_key: string;
}

/** The keys that a person is found and sorted by; those without a name sort by their address. */
export function keysOf({ name, email }: Pick<UserRow, 'name' | 'email'>): UserKeys {
  const email_key = searchText(email);
  if (name === null) return { email_key, name_key: email_key, search: email_key };
  const name_key = searchText(name);
  return { email_key, name_key, search: `${name_key} ${email_key}` };
}
