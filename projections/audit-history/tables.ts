import { sql } from 'kysely';

import type { ProjectionTransaction } from '../../src/projecting/projection.js';
import type { Table } from '../../src/projecting/table.js';
import type { StoredAuditRow } from './row.js';

/** What somebody was called by the events of a workspace, from a record on: a row of `audit_history.names`. */
export interface NameRow {
  readonly workspace_id: string;
  readonly user_id: string;
  /** Of the first record that calls them so. */
  readonly sequence: number;
  readonly email: string | null;
  readonly name: string | null;
  /** Both as they are searched by. */
  readonly search: string;
}

/** What records say besides what people are called: a row of `audit_history.texts`. */
export interface TextRow {
  readonly workspace_id: string;
  readonly text_id: number;
  readonly search: string;
}

export const RECORDS: Table<StoredAuditRow> = {
  table: 'audit_history.records',
  key: ['workspace_id'],
  since: 'sequence',
  // A kilobyte, most of it the event.
  weight: 25,
  types: {
    workspace_id: 'text',
    sequence: 'int8',
    at: 'timestamptz',
    clock: 'timestamptz',
    type: 'text',
    actor_type: 'text',
    actor_id: 'text',
    subject_id: 'text',
    text_id: 'int8',
    search: 'text',
    event: 'text',
    hash: 'bytea',
  },
};
export const NAMES: Table<NameRow> = {
  table: 'audit_history.names',
  key: ['workspace_id', 'user_id'],
  since: 'sequence',
};
export const TEXTS: Table<TextRow> = {
  table: 'audit_history.texts',
  key: ['workspace_id', 'text_id'],
  // Mail servers tell each mail by a number of its own, so that nearly every reply is a text; messages are longer still.
  weight: 12,
};

/**
 * `records`: the chain, a record for each event; `search` is what can be searched for, a text a line.
 * `names`, `texts`: the same texts, each once, with what they are found by: of a million records, a tenth are texts or fewer.
 */
export async function createTables(tx: ProjectionTransaction): Promise<void> {
  await sql`create extension if not exists pg_trgm with schema public`.execute(tx);
  await sql`create extension if not exists btree_gin with schema public`.execute(tx);
  await sql`
    create table audit_history.records (
      workspace_id text collate "C" not null,
      sequence bigint not null,
      at timestamptz not null,
      clock timestamptz not null,
      type text collate "C" not null,
      actor_type text,
      actor_id text collate "C",
      subject_id text collate "C",
      text_id bigint,
      search text not null,
      event text not null,
      hash bytea not null,
      primary key (workspace_id, sequence)
    )`.execute(tx);
  await sql`
    create table audit_history.names (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      sequence bigint not null,
      email text,
      name text,
      search text not null,
      primary key (workspace_id, user_id, sequence)
    )`.execute(tx);
  await sql`
    create table audit_history.texts (
      workspace_id text collate "C" not null,
      text_id bigint not null,
      search text not null,
      primary key (workspace_id, text_id)
    )`.execute(tx);
  // Each in the order of the chain, so that a page of one kind is read from its beginning. By time there is none: see `firstFrom`.
  await sql`create index records_by_type on audit_history.records (workspace_id, type, sequence)`.execute(tx);
  for (const column of ['actor_id', 'subject_id', 'text_id']) {
    const key = sql.ref(column);
    await sql`
      create index ${sql.ref(`records_by_${column}`)} on audit_history.records (workspace_id, ${key}, sequence)
      where ${key} is not null`.execute(tx);
  }
  for (const table of ['names', 'texts']) {
    await sql`
      create index ${sql.ref(`${table}_by_search`)} on ${sql.table(`audit_history.${table}`)}
      using gin (workspace_id, search gin_trgm_ops)`.execute(tx);
  }
  await createViewsOfVersion2(tx);
}

/**
 * What the queries of version 2 name: its processes go on for as long as a release takes, on these tables (decision 11). The next
 * version does without.
 */
async function createViewsOfVersion2(tx: ProjectionTransaction): Promise<void> {
  await sql`
    create view audit_history.heads as
    select workspace_id, head.sequence, head.hash, head.clock
    from audit_history.records first cross join lateral (
      select newest.sequence, encode(newest.hash, 'hex') as hash, newest.clock from audit_history.records newest
      where newest.workspace_id = first.workspace_id order by newest.sequence desc limit 1
    ) head
    where first.sequence = 1`.execute(tx);
  await sql`
    create view audit_history.people as
    select distinct on (workspace_id, user_id) workspace_id, user_id, email, name
    from audit_history.names order by workspace_id, user_id, sequence desc`.execute(tx);
}
