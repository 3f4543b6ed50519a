import { sql } from 'kysely';

import type { Table } from '../../src/projecting/table.js';
import { USER_TYPES, type UserRow, type UserStatus } from '../users-tab/row.js';
import { keysOf } from '../users-tab/user-keys.js';

/** What the users tab showed of a person from an instant on. */
export interface Version extends UserRow {
  readonly valid_from: string;
}

/** As long as a person was found and sorted by the same. */
export interface Period extends Found {
  readonly workspace_id: string;
  readonly user_id: string;
  readonly valid_from: string;
  readonly valid_to: string;
}

/** What a person is found and sorted by. */
export type Found = Pick<UserRow, 'status' | 'role' | 'invited_at' | 'name' | 'email'>;

export type Counts = Readonly<Record<UserStatus, number>>;

/** What a workspace's people added up to from an instant on. */
export type CountRow = Counts & { readonly workspace_id: string; readonly valid_from: string };

/** When a workspace's latest change took effect. */
export interface Clock {
  readonly workspace_id: string;
  readonly latest: string;
}

export const FOR_EVER = 'infinity';

export const VERSIONS: Table<Version> = {
  table: 'user_history.versions',
  key: ['workspace_id', 'user_id'],
  since: 'valid_from',
  types: { ...USER_TYPES, valid_from: 'timestamptz' },
};
export const PERIODS: Table<Period> = {
  table: 'user_history.periods',
  key: ['workspace_id', 'user_id'],
  since: 'valid_from',
  lookup: { column: 'user_id', where: sql`status = 'active' and valid_to = 'infinity'` },
  stored(row) {
    const { workspace_id, user_id, valid_from, valid_to, status, role, invited_at } = row;
    const { name_key, email_key, search } = keysOf(row);
    return { workspace_id, user_id, valid_from, valid_to, status, role, invited_at, name_key, email_key, search };
  },
  types: {
    workspace_id: 'text',
    user_id: 'text',
    valid_from: 'timestamptz',
    valid_to: 'timestamptz',
    status: 'text',
    role: 'text',
    invited_at: 'timestamptz',
    name_key: 'text',
    email_key: 'text',
    search: 'text',
  },
};
export const COUNTS: Table<CountRow> = {
  table: 'user_history.counts',
  key: ['workspace_id'],
  since: 'valid_from',
  types: {
    waiting: 'int4',
    active: 'int4',
    expired: 'int4',
    declined: 'int4',
    revoked: 'int4',
    removed: 'int4',
    workspace_id: 'text',
    valid_from: 'timestamptz',
  },
};
export const CLOCKS: Table<Clock> = { table: 'user_history.clocks', key: ['workspace_id'] };
