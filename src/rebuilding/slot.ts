import { type Kysely, sql } from 'kysely';

import { START } from '../event-store/event-store.js';
import { readCheckpoint, startCheckpoint } from '../projecting/checkpoint.js';
import type { Projection } from '../projecting/projection.js';
import { breakingOff } from './break-off.js';
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

/**
 * Makes the tables of a slot, to be filled from the log's start. The indexes that only queries need are left for later: they cost
 * several times as much when they are kept up row by row.
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
      const { rows: deferred } = await sql<{ name: string; definition: string }>`
        select i.relname as name, pg_get_indexdef(i.oid) as definition
        from pg_class i join pg_index x on x.indexrelid = i.oid
        where i.relnamespace = ${schema}::regnamespace and not x.indisunique
          and i.relname <> all(${[...(projection.indexesOfApply ?? [])]})
        order by i.relname`.execute(tx);
      for (const { name } of deferred) await sql`drop index ${sql.id(schema, name)}`.execute(tx);
      await startCheckpoint(tx, checkpoint, projection.version, START);
      await sql`
        insert into following.builds (checkpoint, target, deferred_indexes)
        values (${checkpoint}, ${START}, ${JSON.stringify(deferred.map(({ definition }) => definition))})`.execute(tx);
    });
}

/** What Postgres may use to make an index; four times its usual setting, since a rebuild makes them one by one. */
const INDEXING_MEMORY = '256MB';

/**
 * Makes the indexes that were left for later. Once they are there it does nothing.
 *
 * @param onIndex told of each before it is made
 * @throws BrokenOff when `signal` aborts: then none was made
 */
export async function finishSlot(
  db: AnyDatabase,
  projection: Projection,
  slot: Slot,
  signal: AbortSignal,
  onIndex: (number: number, of: number) => void,
): Promise<void> {
  const checkpoint = checkpointOf(projection, slot);
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ definitions: string[] }>`
      select deferred_indexes as definitions from following.builds where checkpoint = ${checkpoint} for update`.execute(
      tx,
    );
    await sql.raw(`set local maintenance_work_mem = '${INDEXING_MEMORY}'`).execute(tx);
    const definitions = rows[0]?.definitions ?? [];
    await breakingOff(tx, db, signal, async () => {
      for (const [index, definition] of definitions.entries()) {
        onIndex(index + 1, definitions.length);
        await sql.raw(definition).execute(tx);
      }
    });
    await sql`update following.builds set deferred_indexes = '[]' where checkpoint = ${checkpoint}`.execute(tx);
  });
  const tables = (await tablesOf(db, schemaOf(projection, slot))).map((table) => sql.table(table));
  await db
    .connection()
    .execute((on) => breakingOff(on, db, signal, () => sql`analyze ${sql.join(tables)}`.execute(on)));
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
