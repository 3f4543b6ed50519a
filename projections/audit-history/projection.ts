import { sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { copyRows } from '../../src/projecting/copy-rows.js';
import type { Projection, ProjectionTransaction } from '../../src/projecting/projection.js';
import { blamingRow } from '../../src/projecting/row-failure.js';
import { instantOf, storable } from '../domain-event.js';
import { searchText } from '../users-tab/search-text.js';
import { type ChainHead, canonicalEvent, chained, GENESIS } from './chain.js';
import { type Facts, factsOf, WORKSPACE_HISTORY } from './facts.js';
import { People } from './people.js';
import type { StoredAuditRow } from './row.js';

/**
 * Every event of a workspace as a record that can be searched, chained by hashes. It takes any event whatever: a history that
 * leaves something out would be none, and neither would one whose order depends on what failed.
 */
export const auditHistory: Projection = {
  name: 'audit-history',
  version: 2,
  schema: 'audit_history',
  pieceSize: 2_500,
  streamPrefixes: WORKSPACE_HISTORY,
  createTables,
  async apply(tx, events) {
    const concerned = events.flatMap((event) => {
      const facts = factsOf(event);
      return facts ? [{ event, facts }] : [];
    });
    if (concerned.length === 0) return;
    const heads = await readHeads(tx, [...new Set(concerned.map(({ facts }) => facts.workspaceId))]);
    const people = await People.read(
      tx,
      concerned.map(({ facts }) => facts),
    );
    const rows = concerned.map(({ event, facts }) => {
      const head = following(heads.get(facts.workspaceId) ?? NO_RECORD, event);
      heads.set(facts.workspaceId, head);
      people.learn(facts);
      return rowOf(event, facts, head, people);
    });
    const table = 'audit_history.records';
    await blamingRow(table, ['workspace_id', 'sequence'], rows, () => copyRows(tx, table, rows));
    await writeHeads(tx, heads);
    await people.write(tx);
  },
};

/** Where a workspace's history stands. */
interface Head extends ChainHead {
  /** When its newest record took effect. */
  readonly clock: Instant;
}

const NO_RECORD: Head = { sequence: 0, hash: GENESIS, clock: '' };

/** The head that an event makes, with the event as the chain has it. */
function following(head: Head, event: RecordedEvent): Head & { readonly event: string } {
  const at = instantOf(event);
  const { sequence, hash, event: recorded } = chained(canonicalEvent(event), head);
  return { sequence, hash, clock: head.clock > at ? head.clock : at, event: recorded };
}

function rowOf(
  event: RecordedEvent,
  { workspaceId, subject, actor, texts }: Facts,
  head: Head & { readonly event: string },
  people: People,
): StoredAuditRow {
  const called = [subject, actor?.id].flatMap((id) => (id ? people.calls(workspaceId, id) : []));
  return {
    workspace_id: workspaceId,
    sequence: head.sequence,
    at: instantOf(event),
    clock: head.clock,
    type: storable(event.type),
    actor_type: actor?.type ?? null,
    actor_id: actor?.id ?? null,
    subject_id: subject,
    search: searchText(...new Set([...called, ...texts])),
    event: head.event,
    hash: `\\x${head.hash}`,
  };
}

async function readHeads(tx: ProjectionTransaction, workspaceIds: readonly string[]): Promise<Map<string, Head>> {
  const { rows } = await sql<Head & { workspace_id: string }>`
    select workspace_id, sequence, hash, clock from audit_history.heads
    where workspace_id = any(${workspaceIds})`.execute(tx);
  return new Map(rows.map(({ workspace_id, ...head }) => [workspace_id, head]));
}

async function writeHeads(tx: ProjectionTransaction, heads: ReadonlyMap<string, Head>): Promise<void> {
  const entries = [...heads];
  await sql`
    insert into audit_history.heads (workspace_id, sequence, hash, clock)
    select * from unnest(
      ${entries.map(([workspaceId]) => workspaceId)}::text[],
      ${entries.map(([, { sequence }]) => sequence)}::bigint[],
      ${entries.map(([, { hash }]) => hash)}::text[],
      ${entries.map(([, { clock }]) => clock)}::timestamptz[]
    )
    on conflict (workspace_id) do update
      set sequence = excluded.sequence, hash = excluded.hash, clock = excluded.clock`.execute(tx);
}

async function createTables(tx: ProjectionTransaction): Promise<void> {
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
      search text not null,
      event text not null,
      hash bytea not null,
      primary key (workspace_id, sequence)
    )`.execute(tx);
  await sql`
    create table audit_history.heads (
      workspace_id text collate "C" primary key,
      sequence bigint not null,
      hash text not null,
      clock timestamptz not null
    )`.execute(tx);
  await sql`
    create table audit_history.people (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      email text,
      name text,
      primary key (workspace_id, user_id)
    )`.execute(tx);
  // A page goes by number. By time, only the number is looked for at which a period begins or ends.
  await sql`create index records_by_clock on audit_history.records (workspace_id, clock, sequence)`.execute(tx);
  for (const column of ['type', 'actor_id', 'subject_id']) {
    await sql`
      create index ${sql.ref(`records_by_${column}`)}
      on audit_history.records (workspace_id, ${sql.ref(column)}, sequence)`.execute(tx);
  }
  await sql`
    create index records_by_search on audit_history.records using gin (workspace_id, search gin_trgm_ops)`.execute(tx);
}
