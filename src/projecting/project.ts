import { type Kysely, sql } from 'kysely';

import type { EventBatch, Position } from '../event-store/event-store.js';
import { START } from '../event-store/event-store.js';
import { moveCheckpoint, ProjectionPaused, readCheckpoint, startCheckpoint, VersionMismatch } from './checkpoint.js';
import type { Follower } from './follower.js';
import type { Projection } from './projection.js';

/** A projection as a follower of the log: rows and checkpoint in one transaction. */
// biome-ignore lint/suspicious/noExplicitAny: the tables are the projection's own
export function projecting(projection: Projection, db: Kysely<any>): Follower {
  const { name, streamPrefixes } = projection;
  return {
    name,
    streamPrefixes,
    async start(): Promise<Position> {
      const checkpoint = await readCheckpoint(db, name);
      if (!checkpoint) throw new VersionMismatch(`the tables of ${name} have not been made; run the migrations`);
      if (checkpoint.version !== projection.version) {
        throw new VersionMismatch(
          `the tables of ${name} are of version ${checkpoint.version}, this program has version ${projection.version}`,
        );
      }
      if (checkpoint.pausedAt !== null) throw new ProjectionPaused(`${name} was paused at ${checkpoint.pausedAt}`);
      return checkpoint.position;
    },
    async advance(batch: EventBatch, from: Position): Promise<void> {
      await db.transaction().execute(async (tx) => {
        if (batch.events.length > 0) await projection.apply(tx, batch.events);
        await moveCheckpoint(tx, name, from, batch.position, projection.version);
      });
    },
  };
}

/** Makes the tables of a projection where they do not exist. Many instances may do so at once. */
// biome-ignore lint/suspicious/noExplicitAny: the tables are the projection's own
export async function ensureTables(projection: Projection, db: Kysely<any>): Promise<void> {
  const { name, version, schema } = projection;
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 2))`.execute(tx);
    if (await readCheckpoint(tx, name)) return;
    await tx.schema.createSchema(schema).execute();
    await projection.createTables(tx);
    await startCheckpoint(tx, name, version, START);
  });
}
