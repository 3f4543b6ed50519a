import { sql } from 'kysely';

import type { ProjectionTransaction } from '../../src/projecting/projection.js';

/**
 * `versions`: what the users tab showed of a person from an instant on, until their next version.
 * `periods`: the same by what people are found and sorted by; fewer, since mails come and go without a new one. A period
 * that lasts ends at infinity.
 * `counts`: how many people there were of each status from an instant on.
 * `clocks`: the instant of each workspace's latest change.
 */
export async function createTables(tx: ProjectionTransaction): Promise<void> {
  await sql`create extension if not exists pg_trgm with schema public`.execute(tx);
  await sql`create extension if not exists btree_gin with schema public`.execute(tx);
  await sql`
    create table user_history.versions (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      valid_from timestamptz not null,
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
      primary key (workspace_id, user_id, valid_from)
    )`.execute(tx);
  await sql`
    create table user_history.periods (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      valid_from timestamptz not null,
      valid_to timestamptz not null,
      status text not null,
      role text not null,
      invited_at timestamptz not null,
      name_key text collate "C" not null,
      email_key text collate "C" not null,
      search text not null,
      primary key (workspace_id, user_id, valid_from)
    )`.execute(tx);
  await sql`
    create table user_history.counts (
      workspace_id text collate "C" not null,
      valid_from timestamptz not null,
      waiting integer not null,
      active integer not null,
      expired integer not null,
      declined integer not null,
      revoked integer not null,
      removed integer not null,
      primary key (workspace_id, valid_from)
    )`.execute(tx);
  await sql`
    create table user_history.clocks (
      workspace_id text collate "C" primary key,
      latest timestamptz not null
    )`.execute(tx);
  // Whether a period is wanted is seen in the index itself, so that those of other times cost no look at the table.
  for (const column of ['name_key', 'email_key', 'invited_at']) {
    await sql`
      create index ${sql.ref(`periods_by_${column}`)} on user_history.periods (workspace_id, ${sql.ref(column)}, user_id)
      include (valid_from, valid_to, status, role)`.execute(tx);
  }
  await sql`
    create index periods_by_start on user_history.periods (workspace_id, valid_from)`.execute(tx);
  await sql`
    create index periods_of_status on user_history.periods (workspace_id, status, valid_to, valid_from)`.execute(tx);
  await sql`
    create index periods_of_role on user_history.periods (workspace_id, role, valid_to, valid_from)`.execute(tx);
  await sql`
    create index periods_of_the_active on user_history.periods (user_id, workspace_id)
    where status = 'active' and valid_to = 'infinity'`.execute(tx);
  await sql`create index periods_by_search on user_history.periods using gin (workspace_id, search gin_trgm_ops)`.execute(
    tx,
  );
}
