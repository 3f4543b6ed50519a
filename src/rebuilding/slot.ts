import { type Kysely, sql } from 'kysely';

import { START } from '../event-store/event-store.js';
import { readCheckpoint, startCheckpoint } from '../projecting/checkpoint.js';
import type { Projection } from '../projecting/projection.js';
import { type Decision, record } from './journal.js';
import { SchemaRedirect } from './redirect.js';

/** A connection that knows whatever tables are asked for. */
// biome-ignore lint/suspicious/noExplicitAny: the tables are the projections' own
export type AnyDatabase = Kysely<any>;

/**
 * Where the tables of a projection stand beside the live ones: `next` is being built to take their place, `previous` had
 * it before, and `check` is a fresh fold to compare them with.
 */
export type Slot = 'next' | 'previous' | 'check';

/** The Postgres schema of a slot. */
export const schemaOf = ({ schema }: Projection, slot: Slot): string => `${schema}__${slot}`;

/** The name of a slot's checkpoint. */
export const checkpointOf = ({ name }: Projection, slot: Slot): string => `${name}:${slot}`;

/** The same database, in which the projection's statements go to the slot's tables. */
export function inSlot(db: AnyDatabase, projection: Projection, slot: Slot): AnyDatabase {
  return db.withPlugin(new SchemaRedirect(projection.schema, schemaOf(projection, slot)));
}

/** An index of a slot that is not there yet, or what makes a constraint of one. */
export interface DeferredIndex {
  /** With the slot's schema. */
  readonly table: string;
  /** What makes it. */
  readonly statement: string;
  /** Whether rows are found by it when they are changed; otherwise only queries want it. */
  readonly isKey: boolean;
  /**
   * Whether it makes a primary key, or another constraint, of a unique index: for a moment it wants the table for itself, and a constraint
   * that made its index by itself would for as long as that takes. Absent in builds that were begun before there were such.
   */
  readonly isConstraint?: boolean;
}

/**
 * Makes the tables of a slot, to be filled from the log's start. The indexes that only queries need are left for later: they cost
 * several times as much when they are kept up row by row. A projection that folds rows in memory does without keys as well, as long
 * as it reads nothing: see `makeKeys`.
 */
export async function makeSlot(db: AnyDatabase, projection: Projection, slot: Slot): Promise<void> {
  const checkpoint = checkpointOf(projection, slot);
  const schema = schemaOf(projection, slot);
  await inSlot(db, projection, slot)
    .transaction()
    .execute(async (tx) => {
      if (await readCheckpoint(tx, checkpoint)) return;
      await tx.schema.createSchema(schema).execute();
      await projection.createTables(tx);
      const indexes = await indexesOf(tx, projection, schema);
      const deferred = projection.fold ? indexes : indexes.filter(({ isKey }) => !isKey);
      for (const { drop } of deferred) await sql.raw(drop).execute(tx);
      await startCheckpoint(tx, checkpoint, projection.version, START);
      const kept: DeferredIndex[] = [
        ...deferred.map(({ table, statement, isKey }) => ({ table, statement, isKey })),
        ...deferred.flatMap(({ table, constraint }) =>
          constraint ? { table, statement: constraint, isKey: false, isConstraint: true } : [],
        ),
      ];
      await sql`
        insert into following.builds (checkpoint, target, deferred_indexes)
        values (${checkpoint}, ${START}, ${JSON.stringify(kept)})`.execute(tx);
    });
}

/**
 * Truncates the tables of a slot that hold nothing: what the same transaction writes to them may go in frozen. Those that their projection
 * made with rows in them are left alone.
 *
 * @returns those that it truncated, as the projection names them
 */
export async function truncateEmpty(tx: AnyDatabase, projection: Projection, slot: Slot): Promise<ReadonlySet<string>> {
  const schema = schemaOf(projection, slot);
  const truncated = new Set<string>();
  for (const table of await tablesOf(tx, schema)) {
    const { rows } = await sql`select from ${sql.table(table)} limit 1`.execute(tx);
    if (rows.length > 0) continue;
    await sql`truncate ${sql.table(table)}`.execute(tx);
    truncated.add(`${projection.schema}${table.slice(schema.length)}`);
  }
  return truncated;
}

interface FoundIndex extends Omit<DeferredIndex, 'isConstraint'> {
  /** What makes a constraint of it again; null where it was none. */
  readonly constraint: string | null;
  readonly drop: string;
}

/** All indexes of a schema but those of constraints that cannot be made of one: keys first, then those of words, which take longest. */
async function indexesOf(
  tx: AnyDatabase,
  { indexesOfApply = [] }: Projection,
  schema: string,
): Promise<readonly FoundIndex[]> {
  const { rows } = await sql<FoundIndex>`
    select n.nspname || '.' || t.relname as table, x.indisunique or i.relname = any(${[...indexesOfApply]}) as "isKey",
      pg_get_indexdef(i.oid) as statement,
      case when c.oid is not null then format('alter table %I.%I add constraint %I %s using index %I', n.nspname, t.relname,
        c.conname, case c.contype when 'p' then 'primary key' else 'unique' end, i.relname)
      end as constraint,
      case when c.oid is null then format('drop index %I.%I', n.nspname, i.relname)
        else format('alter table %I.%I drop constraint %I', n.nspname, t.relname, c.conname)
      end as drop
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    join pg_am a on a.oid = i.relam
    join pg_namespace n on n.oid = t.relnamespace
    left join pg_constraint c on c.conindid = i.oid and c.contype in ('p', 'u', 'x')
    where n.nspname = ${schema} and (c.oid is null or c.contype <> 'x' and not c.condeferrable)
    order by x.indisunique desc, a.amname <> 'gin', i.relname`.execute(tx);
  return rows;
}

/**
 * Makes the indexes by which rows are found, in time before any are looked for; of all tables, or of one.
 *
 * @param table as the projection names it
 */
export async function makeKeys(tx: AnyDatabase, projection: Projection, slot: Slot, table?: string): Promise<void> {
  const name = table && `${schemaOf(projection, slot)}.${table.slice(projection.schema.length + 1)}`;
  for (const index of await deferredIndexes(tx, projection, slot)) {
    if (index.isKey && (name === undefined || index.table === name)) await makeIndex(tx, projection, slot, index);
  }
}

/** Those that a slot does without so far: keys first, of the others first those that take longest, and then constraints. */
export async function deferredIndexes(
  db: AnyDatabase,
  projection: Projection,
  slot: Slot,
): Promise<readonly DeferredIndex[]> {
  const { rows } = await sql<{ deferred: (DeferredIndex | string)[] }>`
    select deferred_indexes as deferred from following.builds
    where checkpoint = ${checkpointOf(projection, slot)}`.execute(db);
  return (rows[0]?.deferred ?? []).map(asDeferred);
}

/** What Postgres may use to make an index; twice its usual setting. */
const INDEXING_MEMORY = '128MB';

/**
 * Makes an index that was left for later, and notes that it is there. It is made by one process: of several only one merges and writes, so
 * that two indexes at a time, by a process each, took two thirds of the time; and keys are made while rows are folded on.
 */
export async function makeIndex(
  tx: AnyDatabase,
  projection: Projection,
  slot: Slot,
  { statement }: DeferredIndex,
): Promise<void> {
  await sql.raw(`set local maintenance_work_mem = '${INDEXING_MEMORY}'`).execute(tx);
  await sql`set local max_parallel_maintenance_workers = 0`.execute(tx);
  // What was just written is in memory: to have it read ahead, which other processes do in Postgres 18, takes a processor and gains nothing.
  await sql`set local effective_io_concurrency = 0`.execute(tx);
  await sql.raw(statement).execute(tx.withoutPlugins());
  await sql`
    update following.builds set deferred_indexes = (
      select coalesce(jsonb_agg(d.index order by d.place), '[]')
      from jsonb_array_elements(deferred_indexes) with ordinality d (index, place)
      where coalesce(d.index ->> 'statement', d.index #>> '{}') <> ${statement}
    )
    where checkpoint = ${checkpointOf(projection, slot)}`.execute(tx);
}

/** A build that was begun before keys were left for later has its statements only. */
function asDeferred(index: DeferredIndex | string): DeferredIndex {
  return typeof index === 'string' ? { table: '', statement: index, isKey: false } : index;
}

/** Removes a slot with all that belongs to it. @param decision of whoever wants it kept. @returns whether there was one */
export async function dropSlot(
  db: AnyDatabase,
  projection: Projection,
  slot: Slot,
  decision?: Decision,
): Promise<boolean> {
  const checkpoint = checkpointOf(projection, slot);
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql`delete from following.checkpoints where name = ${checkpoint} returning 1`.execute(tx);
    await sql`delete from following.builds where checkpoint = ${checkpoint}`.execute(tx);
    await sql`delete from following.parked_events where checkpoint = ${checkpoint}`.execute(tx);
    await sql`drop schema if exists ${sql.id(schemaOf(projection, slot))} cascade`.execute(tx);
    if (rows.length > 0 && decision) await record(tx, projection.name, 'dropped', decision, { tables: slot });
    return rows.length > 0;
  });
}

/** The tables of a schema by their names with the schema in front, in order. */
export async function tablesOf(db: AnyDatabase, schema: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind in ('r', 'p') order by relname`.execute(db);
  return rows.map(({ name }) => `${schema}.${name}`);
}
