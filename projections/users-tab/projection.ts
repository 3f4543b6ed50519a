import { sql } from 'kysely';

import { ACCOUNT_STREAMS, ADDRESS_STREAMS, MEMBERSHIP_STREAMS } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import type { Projection, ProjectionTransaction } from '../../src/projecting/projection.js';
import { applyToRows, type RowChange } from '../../src/projecting/rows.js';
import { dataOf, instantOf } from '../domain-event.js';
import type { UserRow } from './row.js';
import { usersTabRules } from './rules.js';
import { searchText } from './search-text.js';
import { keysOf, type StoredUserRow } from './stored-row.js';

const storedRules = {
  ...usersTabRules,
  on: Object.fromEntries(
    Object.entries(usersTabRules.on).map(([type, handler]) => [
      type,
      (row: StoredUserRow | undefined, event: RecordedEvent) => {
        const after = handler(row, event);
        return after && after !== row ? { ...after, ...keysOf(after) } : row;
      },
    ]),
  ),
};

/** The users tab: one row per person per workspace, how many there are of each status, and the addresses that take no mail. */
export const usersTab: Projection = {
  name: 'users-tab',
  version: 5,
  schema: 'users_tab',
  indexesOfApply: ['users_by_user'],
  streamPrefixes: [MEMBERSHIP_STREAMS, ACCOUNT_STREAMS, ADDRESS_STREAMS],
  createTables,
  async apply(tx, events) {
    // A person's new name goes to all their rows at once, so what came before it is applied before it.
    let pending: RecordedEvent[] = [];
    for (const event of events) {
      if (event.type !== 'AccountRenamed') {
        pending.push(event);
        continue;
      }
      await applyRows(tx, pending);
      pending = [];
      await renamePerson(tx, event);
    }
    await applyRows(tx, pending);
    for (const event of events) await noteSuppression(tx, event);
  },
};

async function applyRows(tx: ProjectionTransaction, events: readonly RecordedEvent[]): Promise<void> {
  const changes = await applyToRows<StoredUserRow>(tx, { ...storedRules, key: ['workspace_id', 'user_id'] }, events);
  await count(tx, changes);
}

async function renamePerson(tx: ProjectionTransaction, event: RecordedEvent): Promise<void> {
  const userId = event.stream.slice(ACCOUNT_STREAMS.length);
  const { name } = dataOf<'AccountRenamed'>(event);
  const key = searchText(name);
  await sql`
    update users_tab.users
    set name = ${name}, name_key = ${key}, search = ${key} || ' ' || email_key, updated_at = ${instantOf(event)}
    where user_id = ${userId} and status = 'active'`.execute(tx);
}

/** Of the addresses that are sent no mails there are few, and seldom a new one. */
async function noteSuppression(tx: ProjectionTransaction, event: RecordedEvent): Promise<void> {
  const userId = event.stream.slice(ADDRESS_STREAMS.length);
  if (event.type === 'AddressSuppressed') {
    const { reason } = dataOf<'AddressSuppressed'>(event);
    await sql`
      insert into users_tab.suppressed (user_id, reason) values (${userId}, ${reason})
      on conflict (user_id) do update set reason = excluded.reason`.execute(tx);
  } else if (event.type === 'SuppressionLifted') {
    await sql`delete from users_tab.suppressed where user_id = ${userId}`.execute(tx);
  }
}

async function count(tx: ProjectionTransaction, changes: readonly RowChange<UserRow>[]): Promise<void> {
  const deltas = new Map<string, { workspace_id: string; status: string; people: number }>();
  const add = (row: UserRow | undefined, people: number) => {
    if (!row) return;
    const { workspace_id, status } = row;
    const delta = deltas.get(`${workspace_id} ${status}`) ?? { workspace_id, status, people: 0 };
    delta.people += people;
    deltas.set(`${workspace_id} ${status}`, delta);
  };
  for (const { before, after } of changes) {
    if (before?.status === after?.status) continue;
    add(before, -1);
    add(after, 1);
  }
  const changed = [...deltas.values()].filter(({ people }) => people !== 0);
  if (changed.length === 0) return;
  await sql`
    insert into users_tab.counts (workspace_id, status, people)
    select * from json_populate_recordset(null::users_tab.counts, ${JSON.stringify(changed)}::json)
    on conflict (workspace_id, status) do update set people = counts.people + excluded.people`.execute(tx);
  // Rows of nobody would tell how the events were cut into batches.
  await sql`
    delete from users_tab.counts c
    using json_populate_recordset(null::users_tab.counts, ${JSON.stringify(changed)}::json) k
    where c.workspace_id = k.workspace_id and c.status = k.status and c.people = 0`.execute(tx);
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
