import { type RawBuilder, sql } from 'kysely';

import type { Projection, ProjectionTransaction } from '../../src/projecting/projection.js';
import { instantOf, storable } from '../domain-event.js';
import { searchText } from '../users-tab/search-text.js';
import { type ChainHead, type ChainRecord, canonicalEvent, chained, GENESIS } from './chain.js';
import { actorOf, subjectOf, textsOf, WORKSPACE_HISTORY, workspaceOf } from './facts.js';
import { type EventOfWorkspace, People } from './people.js';
import type { AuditRow } from './row.js';

/**
 * Every event of a workspace as a record that can be searched, chained by hashes. It takes any event whatever: a history that
 * leaves something out would be none, and neither would one whose order depends on what failed.
 */
export const auditHistory: Projection = {
  name: 'audit-history',
  version: 1,
  schema: 'audit_history',
  pieceSize: 2_500,
  streamPrefixes: WORKSPACE_HISTORY,
  createTables,
  async apply(tx, events) {
    const concerned = events.flatMap((event) => {
      const workspaceId = workspaceOf(event);
      return workspaceId === undefined ? [] : [{ event, workspaceId }];
    });
    if (concerned.length === 0) return;
    const heads = await readHeads(tx, [...new Set(concerned.map(({ workspaceId }) => workspaceId))]);
    const people = await People.read(tx, concerned);
    const rows = concerned.map((each) => {
      const record = chained(canonicalEvent(each.event), heads.get(each.workspaceId) ?? NO_RECORD);
      heads.set(each.workspaceId, record);
      people.learn(each);
      return rowOf(each, record, people);
    });
    await insertRows(tx, rows);
    await writeHeads(tx, heads);
    await people.write(tx);
  },
};

const NO_RECORD: ChainHead = { sequence: 0, hash: GENESIS };

function rowOf({ event, workspaceId }: EventOfWorkspace, record: ChainRecord, people: People): AuditRow {
  const actor = actorOf(event);
  const subject = subjectOf(event);
  const called = [subject, actor?.id].flatMap((id) => (id ? people.calls(workspaceId, id) : []));
  return {
    workspace_id: workspaceId,
    sequence: record.sequence,
    at: instantOf(event),
    type: storable(event.type),
    actor_type: actor && storable(actor.type),
    actor_id: actor && storable(actor.id),
    subject_id: subject && storable(subject),
    search: searchText(...new Set([...called, ...textsOf(event).map(storable)])),
    event: record.event,
    previous_hash: record.previousHash,
    hash: record.hash,
  };
}

/** By column, the type that its values are sent as. */
const COLUMNS = {
  workspace_id: 'text',
  sequence: 'bigint',
  at: 'timestamptz',
  type: 'text',
  actor_type: 'text',
  actor_id: 'text',
  subject_id: 'text',
  search: 'text',
  event: 'text',
  previous_hash: 'text',
  hash: 'text',
} as const satisfies Record<keyof AuditRow, string>;

/** Column by column, which costs Postgres much less than rows of JSON. */
async function insertRows(tx: ProjectionTransaction, rows: readonly AuditRow[]): Promise<void> {
  const columns = Object.keys(COLUMNS) as (keyof AuditRow)[];
  const values = columns.map(
    (column): RawBuilder<unknown> => sql`${rows.map((row) => row[column])}::${sql.raw(COLUMNS[column])}[]`,
  );
  await sql`
    insert into audit_history.records (${sql.join(columns.map((column) => sql.ref(column)))})
    select * from unnest(${sql.join(values)})`.execute(tx);
}

async function readHeads(tx: ProjectionTransaction, workspaceIds: readonly string[]): Promise<Map<string, ChainHead>> {
  const { rows } = await sql<ChainHead & { workspace_id: string }>`
    select workspace_id, sequence::float8 as sequence, hash from audit_history.heads
    where workspace_id = any(${workspaceIds})`.execute(tx);
  return new Map(rows.map(({ workspace_id, sequence, hash }) => [workspace_id, { sequence, hash }]));
}

async function writeHeads(tx: ProjectionTransaction, heads: ReadonlyMap<string, ChainHead>): Promise<void> {
  const entries = [...heads];
  await sql`
    insert into audit_history.heads (workspace_id, sequence, hash)
    select * from unnest(
      ${entries.map(([workspaceId]) => workspaceId)}::text[],
      ${entries.map(([, { sequence }]) => sequence)}::bigint[],
      ${entries.map(([, { hash }]) => hash)}::text[]
    )
    on conflict (workspace_id) do update set sequence = excluded.sequence, hash = excluded.hash`.execute(tx);
}

async function createTables(tx: ProjectionTransaction): Promise<void> {
  await sql`create extension if not exists pg_trgm with schema public`.execute(tx);
  await sql`create extension if not exists btree_gin with schema public`.execute(tx);
  await sql`
    create table audit_history.records (
      workspace_id text collate "C" not null,
      sequence bigint not null,
      at timestamptz not null,
      type text collate "C" not null,
      actor_type text,
      actor_id text collate "C",
      subject_id text collate "C",
      search text not null,
      event text not null,
      previous_hash text not null,
      hash text not null,
      primary key (workspace_id, sequence)
    )`.execute(tx);
  await sql`
    create table audit_history.heads (
      workspace_id text collate "C" primary key,
      sequence bigint not null,
      hash text not null
    )`.execute(tx);
  await sql`
    create table audit_history.people (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      email text,
      name text,
      primary key (workspace_id, user_id)
    )`.execute(tx);
  await sql`create index records_by_time on audit_history.records (workspace_id, at, sequence)`.execute(tx);
  for (const column of ['type', 'actor_id', 'subject_id']) {
    await sql`
      create index ${sql.ref(`records_by_${column}`)}
      on audit_history.records (workspace_id, ${sql.ref(column)}, at, sequence)`.execute(tx);
  }
  await sql`
    create index records_by_search on audit_history.records using gin (workspace_id, search gin_trgm_ops)`.execute(tx);
}
