import { sql } from 'kysely';

import type { BinaryType } from '../../src/projecting/binary-rows.js';
import type { Table } from '../../src/projecting/table.js';
import { USER_TYPES, type UserRow, type UserStatus } from '../users-tab/row.js';
import { keysOf, type UserKeys } from '../users-tab/user-keys.js';

type Key = 'workspace_id' | 'user_id';

/** What the users tab showed of a person as long as nothing but their mails changed. */
export interface Span
  extends Pick<
    UserRow,
    | Key
    | 'email'
    | 'name'
    | 'role'
    | 'status'
    | 'invitation_id'
    | 'locale'
    | 'invited_at'
    | 'joined_at'
    | 'times_invited'
    | 'updated_at'
  > {
  readonly valid_from: string;
  readonly valid_to: string;
}

/** What it showed of the newest invitation to them and its mails, from an instant on. */
export interface Mail extends Pick<UserRow, Key | 'updated_at' | Exclude<keyof UserRow, keyof Span>> {
  readonly valid_from: string;
}

export type Counts = Readonly<Record<UserStatus, number>>;

/** What a workspace's people added up to from an instant on. */
export type CountRow = Counts & { readonly workspace_id: string; readonly valid_from: string };

/** When a workspace's latest change took effect. */
export interface Clock {
  readonly workspace_id: string;
  readonly latest: string;
}

export const FOR_EVER = 'infinity';

/** A span alone of a row that may say more. @param valid_to where it ends, if not where the row says */
export function spanOf(row: Span, valid_to = row.valid_to): Span {
  return {
    workspace_id: row.workspace_id,
    user_id: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role,
    status: row.status,
    invitation_id: row.invitation_id,
    locale: row.locale,
    invited_at: row.invited_at,
    joined_at: row.joined_at,
    times_invited: row.times_invited,
    updated_at: row.updated_at,
    valid_from: row.valid_from,
    valid_to,
  };
}

/** As the users tab keeps these columns; in their order, which is that of its rows. */
function typesOf<Column extends keyof UserRow>(...columns: Column[]): Record<Column, BinaryType> {
  const types = {} as Record<Column, BinaryType>;
  for (const column of columns) types[column] = USER_TYPES[column];
  return types;
}

export const SPANS: Table<Span> = {
  table: 'user_history.spans',
  key: ['workspace_id', 'user_id'],
  since: 'valid_from',
  lookup: { column: 'user_id', where: sql`status = 'active' and valid_to = 'infinity'` },
  // Most of what it holds the row of the mails holds as well.
  weight: 8,
  stored(row) {
    return Object.assign(spanOf(row), keysOf(row));
  },
  types: {
    ...typesOf(
      'workspace_id',
      'user_id',
      'email',
      'name',
      'role',
      'status',
      'invitation_id',
      'locale',
      'invited_at',
      'joined_at',
      'times_invited',
      'updated_at',
    ),
    valid_from: 'timestamptz',
    valid_to: 'timestamptz',
    email_key: 'text',
    name_key: 'text',
    search: 'text',
  } satisfies Record<keyof (Span & UserKeys), BinaryType>,
};
export const MAILS: Table<Mail> = {
  table: 'user_history.mails',
  key: ['workspace_id', 'user_id'],
  since: 'valid_from',
  types: {
    ...typesOf(
      'workspace_id',
      'user_id',
      'delivery',
      'delivery_mail',
      'delivery_reply',
      'delivery_code',
      'delivery_enhanced_code',
      'delivery_attempt',
      'delivery_next_at',
      'delivery_at',
      'issue',
      'expires_at',
      'invited_by',
      'renewal_requested_at',
      'updated_at',
    ),
    valid_from: 'timestamptz',
  } satisfies Record<keyof Mail, BinaryType>,
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
