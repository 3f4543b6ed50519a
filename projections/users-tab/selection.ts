import { type RawBuilder, sql } from 'kysely';

import type { Role } from '../../src/domain/role.js';
import { decodeCursor, isTimestamp } from '../cursor.js';
import type { UserStatus } from './row.js';
import { containing, searchText } from './search-text.js';

/** What the list can be sorted by; a minus in front turns it round. */
export const USER_SORTS = ['name', '-name', 'email', '-email', 'invitedAt', '-invitedAt'] as const;
export type UserSort = (typeof USER_SORTS)[number];

export interface UserQuery {
  /** Part of a name or an address, whatever its case and accents. */
  readonly search?: string;
  /** Everybody but the revoked and removed where it is absent. */
  readonly status?: readonly UserStatus[];
  readonly role?: readonly Role[];
  readonly sort: UserSort;
  readonly limit: number;
  /** The `nextCursor` of the page before, asked for with the same sort. */
  readonly cursor?: string;
}

/** Whom a query shows that asks for no status. */
const LISTED: readonly UserStatus[] = ['waiting', 'active', 'expired', 'declined'];

/** The statuses that a query is about. */
export const statusesOf = ({ status }: UserQuery): readonly UserStatus[] => (status?.length ? status : LISTED);

const SORT_COLUMNS = { name: 'name_key', email: 'email_key', invitedAt: 'invited_at' } as const;

/** Which rows of a table of people a query asks for, and in which order. */
export interface Selection {
  readonly conditions: readonly RawBuilder<unknown>[];
  /** What the rows are sorted by; then by `user_id`. */
  readonly column: 'name_key' | 'email_key' | 'invited_at';
  readonly direction: 'asc' | 'desc';
}

/**
 * A query as conditions on the columns status, role, search, name_key, email_key, invited_at and user_id.
 *
 * @param list what its cursors are made for
 * @returns undefined where no row can be meant
 * @throws InvalidCursor
 */
export function selectionOf({ search, status, role, sort, cursor }: UserQuery, list: string): Selection | undefined {
  const column = SORT_COLUMNS[sort.replace('-', '') as keyof typeof SORT_COLUMNS];
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  const conditions: RawBuilder<unknown>[] = [
    status?.length ? sql`status in (${sql.join(status)})` : sql`status not in ('revoked', 'removed')`,
  ];
  if (role?.length) conditions.push(sql`role in (${sql.join(role)})`);
  const wanted = searchText(search ?? '').trim();
  // No row holds the character NUL, and Postgres takes none.
  if (wanted.includes('\0')) return undefined;
  if (wanted !== '') conditions.push(sql`search like ${containing(wanted)}`);
  if (cursor !== undefined) {
    const [key, userId] = decodeCursor(list, cursor, (text) => column !== 'invited_at' || isTimestamp(text));
    const row = sql`(${sql.ref(column)}, user_id)`;
    conditions.push(direction === 'desc' ? sql`${row} < (${key}, ${userId})` : sql`${row} > (${key}, ${userId})`);
  }
  return { conditions, column, direction };
}
