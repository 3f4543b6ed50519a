import { sql } from 'kysely';

import { ACCOUNT_STREAMS, ADDRESS_STREAMS, MEMBERSHIP_STREAMS } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { folding } from '../../src/projecting/folding.js';
import type { Projection, ProjectionTransaction } from '../../src/projecting/projection.js';
import { foldRows, keyChangedBy, type RowRules, rowAfter } from '../../src/projecting/row-rules.js';
import type { Rows } from '../../src/projecting/rows.js';
import type { Table } from '../../src/projecting/table.js';
import type { Tables } from '../../src/projecting/tables.js';
import { dataOf, renamedBy } from '../domain-event.js';
import { USER_STATUSES } from './queries.js';
import { copyOf, USER_TYPES, type UserRow, type UserStatus } from './row.js';
import { renamed, usersTabRules } from './rules.js';
import { keysOf } from './user-keys.js';

const USERS: RowRules<UserRow> = {
  ...usersTabRules,
  lookup: { column: 'user_id' },
  stored(row) {
    return Object.assign(copyOf(row), keysOf(row));
  },
  types: { ...USER_TYPES, search: 'text', name_key: 'text', email_key: 'text' },
};

/** How many people of a workspace have a status. */
interface CountRow {
  readonly workspace_id: string;
  readonly status: UserStatus;
  readonly people: number;
}

const COUNTS: Table<CountRow> = { table: 'users_tab.counts', key: ['workspace_id', 'status'] };

const SUPPRESSED: RowRules<{ readonly user_id: string; readonly reason: string }> = {
  table: 'users_tab.suppressed',
  key: ['user_id'],
  keyOf: ({ stream }) =>
    stream.startsWith(ADDRESS_STREAMS) ? { user_id: stream.slice(ADDRESS_STREAMS.length) } : undefined,
  on: {
    AddressSuppressed: (_row, event) => ({
      user_id: event.stream.slice(ADDRESS_STREAMS.length),
      reason: dataOf<'AddressSuppressed'>(event).reason,
    }),
    SuppressionLifted: () => undefined,
  },
};

/** The users tab: one row per person per workspace, how many there are of each status, and the addresses that take no mail. */
export const usersTab: Projection = {
  name: 'users-tab',
  version: 5,
  schema: 'users_tab',
  indexesOfApply: ['users_by_user'],
  streamPrefixes: [MEMBERSHIP_STREAMS, ACCOUNT_STREAMS, ADDRESS_STREAMS],
  createTables,
  ...folding(async (tables, events) => {
    await foldUsers(tables, events);
    await foldRows(tables, SUPPRESSED, events);
  }),
};

async function foldUsers(tables: Tables, events: readonly RecordedEvent[]): Promise<void> {
  const keys = new Map<string, Partial<UserRow>>();
  for (const event of events) {
    const key = keyChangedBy(USERS, event);
    if (key) keys.set(event.stream, key);
  }
  const accounts = events.flatMap((event) => renamedBy(event) ?? []);
  const users = await tables.rows(USERS, [...keys.values()], accounts);
  const counts = await tables.rows(COUNTS, countsOf([...keys.values()]));
  for (const event of events) {
    const userId = renamedBy(event);
    if (userId !== undefined) {
      for (const user of users.find(userId)) if (user.status === 'active') users.put(renamed(user, event));
      continue;
    }
    const key = USERS.on[event.type] && keys.get(event.stream);
    if (!key) continue;
    const before = users.get(key);
    const after = rowAfter(USERS, key, before, event);
    if (!after || after === before) continue;
    users.put(after);
    if (before?.status === after.status) continue;
    if (before) count(counts, before, -1);
    count(counts, after, 1);
  }
}

/** What each of these may count for. */
function countsOf(keys: readonly Partial<UserRow>[]): Partial<CountRow>[] {
  const workspaces = new Set(keys.map(({ workspace_id }) => workspace_id ?? ''));
  return [...workspaces].flatMap((workspace_id) => USER_STATUSES.map((status) => ({ workspace_id, status })));
}

/** Rows of nobody would tell how the events were cut into batches. */
function count(counts: Rows<CountRow>, { workspace_id, status }: UserRow, more: number): void {
  const people = (counts.get({ workspace_id, status })?.people ?? 0) + more;
  if (people === 0) counts.remove({ workspace_id, status });
  else counts.put({ workspace_id, status, people });
}

/** Who is shown unless a status is asked for; kept as an index of its own, so that the removed cost nothing. */
const LISTED = sql`status not in ('revoked', 'removed')`;

async function createTables(tx: ProjectionTransaction): Promise<void> {
  await sql`create extension if not exists pg_trgm with schema public`.execute(tx);
  await sql`create extension if not exists btree_gin with schema public`.execute(tx);
  await sql`
    create table users_tab.users (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      email text not null,
      name text,
      role text not null,
      status text not null,
      delivery text,
      delivery_mail text,
      delivery_reply text,
      delivery_code integer,
      delivery_enhanced_code text,
      delivery_attempt integer,
      delivery_next_at timestamptz,
      delivery_at timestamptz,
      invitation_id text,
      issue integer,
      locale text,
      expires_at timestamptz,
      invited_by text,
      invited_at timestamptz not null,
      joined_at timestamptz,
      times_invited integer not null,
      renewal_requested_at timestamptz,
      updated_at timestamptz not null,
      search text not null,
      name_key text collate "C" not null,
      email_key text collate "C" not null,
      primary key (workspace_id, user_id)
    )`.execute(tx);
  await sql`
    create table users_tab.counts (
      workspace_id text not null,
      status text not null,
      people bigint not null,
      primary key (workspace_id, status)
    )`.execute(tx);
  await sql`create table users_tab.suppressed (user_id text collate "C" primary key, reason text not null)`.execute(tx);
  for (const column of ['name_key', 'email_key', 'invited_at']) {
    const key = sql.ref(column);
    await sql`
      create index ${sql.ref(`users_listed_by_${column}`)} on users_tab.users (workspace_id, ${key}, user_id)
      where ${LISTED}`.execute(tx);
    await sql`
      create index ${sql.ref(`users_of_status_by_${column}`)}
      on users_tab.users (workspace_id, status, ${key}, user_id)`.execute(tx);
  }
  await sql`create index users_of_role on users_tab.users (workspace_id, role, name_key, user_id)`.execute(tx);
  await sql`create index users_by_user on users_tab.users (user_id)`.execute(tx);
  await sql`create index users_by_search on users_tab.users using gin (workspace_id, search gin_trgm_ops)`.execute(tx);
}
