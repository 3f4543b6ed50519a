import { sql } from 'kysely';

import type { ProjectionTransaction } from '../../src/projecting/projection.js';

/**
 * `spans`: what the users tab showed of a person and is found and sorted by, as long as nothing of it changed. The last one ends at
 * infinity.
 * `mails`: what it showed of the newest invitation to them and its mails from an instant on, until their next row. Most events are about
 * nothing else. Both tables begin at the same instant; what the users tab showed at an instant is a row of each.
 * `updated_at`: of the later row of the two, of the mails' where both are of one instant.
 * `counts`: how many people there were of each status from an instant on.
 * `clocks`: the instant of each workspace's latest change.
 *
 * Keys have the user id in front, whose first characters tell people apart: they are sorted in half the time.
 */
export async function createTables(tx: ProjectionTransaction): Promise<void> {
  await sql`create extension if not exists pg_trgm with schema public`.execute(tx);
  await sql`create extension if not exists btree_gin with schema public`.execute(tx);
  await sql`
    create table user_history.spans (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      email text not null,
      name text,
      role text collate "C" not null,
      status text collate "C" not null,
      invitation_id text,
      locale text,
      invited_at timestamptz not null,
      joined_at timestamptz,
      times_invited integer not null,
      updated_at timestamptz not null,
      valid_from timestamptz not null,
      valid_to timestamptz not null,
      name_key text collate "C" not null,
      email_key text collate "C" not null,
      search text not null,
      primary key (user_id, workspace_id, valid_from)
    )`.execute(tx);
  await sql`
    create table user_history.mails (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      delivery text,
      delivery_mail text,
      delivery_reply text,
      delivery_code integer,
      delivery_enhanced_code text,
      delivery_attempt integer,
      delivery_next_at timestamptz,
      delivery_at timestamptz,
      issue integer,
      expires_at timestamptz,
      invited_by text,
      renewal_requested_at timestamptz,
      updated_at timestamptz not null,
      valid_from timestamptz not null,
      primary key (user_id, workspace_id, valid_from)
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
  // Whether a span is wanted is seen in the index itself, so that those of other times cost no look at the table.
  for (const column of ['name_key', 'email_key', 'invited_at']) {
    await sql`
      create index ${sql.ref(`spans_by_${column}`)} on user_history.spans (workspace_id, ${sql.ref(column)}, user_id)
      include (valid_from, valid_to, status, role)`.execute(tx);
  }
  await sql`
    create index spans_by_start on user_history.spans (workspace_id, valid_from)`.execute(tx);
  await sql`
    create index spans_of_status on user_history.spans (workspace_id, status, valid_to, valid_from)`.execute(tx);
  await sql`
    create index spans_of_role on user_history.spans (workspace_id, role, valid_to, valid_from)`.execute(tx);
  await sql`
    create index spans_of_the_active on user_history.spans (user_id, workspace_id)
    where status = 'active' and valid_to = 'infinity'`.execute(tx);
  await sql`create index spans_by_search on user_history.spans using gin (workspace_id, search gin_trgm_ops)`.execute(
    tx,
  );
  await createViewsOfVersion3(tx);
}

/**
 * What the queries of version 3 name: its processes go on for as long as a release takes, on these tables (decision 11). The next version
 * does without.
 */
async function createViewsOfVersion3(tx: ProjectionTransaction): Promise<void> {
  await sql`
    create view user_history.versions as
    select v.workspace_id, v.user_id, v.valid_from, s.email, s.name, s.role, s.status,
      m.delivery, m.delivery_mail, m.delivery_reply, m.delivery_code, m.delivery_enhanced_code, m.delivery_attempt,
      m.delivery_next_at, m.delivery_at, s.invitation_id, m.issue, s.locale, m.expires_at, m.invited_by,
      s.invited_at, s.joined_at, s.times_invited, m.renewal_requested_at,
      case when m.valid_from < s.valid_from then s.updated_at else m.updated_at end as updated_at
    from (
      select user_id, workspace_id, valid_from from user_history.spans
      union select user_id, workspace_id, valid_from from user_history.mails
    ) v
    cross join lateral (
      select * from user_history.spans
      where user_id = v.user_id and workspace_id = v.workspace_id and valid_from <= v.valid_from
      order by valid_from desc limit 1
    ) s
    cross join lateral (
      select * from user_history.mails
      where user_id = v.user_id and workspace_id = v.workspace_id and valid_from <= v.valid_from
      order by valid_from desc limit 1
    ) m`.execute(tx);
  await sql`
    create view user_history.periods as
    select workspace_id, user_id, valid_from, valid_to, status, role, invited_at, name_key, email_key, search
    from user_history.spans`.execute(tx);
}
