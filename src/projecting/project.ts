import { type Kysely, sql } from 'kysely';

import type { EventBatch, Position, RecordedEvent } from '../event-store/event-store.js';
import { START } from '../event-store/event-store.js';
import {
  holdCheckpoint,
  moveCheckpoint,
  type Place,
  ProjectionPaused,
  readCheckpoint,
  startCheckpoint,
  VersionMismatch,
  type Witness,
} from './checkpoint.js';
import type { Follower } from './follower.js';
import { park, parkedStreamsOf, requireRoomToPark } from './parking.js';
import { writePiece } from './pieces.js';
import { PoisonEvent } from './poison-event.js';
import type { Projection } from './projection.js';

export interface ProjectingOptions {
  /** Told of each stream that is parked, and of the event it is parked at. */
  readonly onParked?: (error: PoisonEvent) => void;
}

/**
 * A projection as a follower of the log: rows and checkpoint in one transaction. An event that it cannot deal with parks its
 * stream: this event and the later ones of the stream wait to be retried, all others go on.
 */
export function projecting(
  projection: Projection,
  // biome-ignore lint/suspicious/noExplicitAny: the tables are the projection's own
  db: Kysely<any>,
  { onParked = () => {} }: ProjectingOptions = {},
): Follower {
  const { name, streamPrefixes, version } = projection;
  // What is parked is known from the start on: nobody else can change it without raising the epoch, and then no checkpoint
  // moves any more.
  let epoch = 0;
  let parked: ReadonlySet<string> = new Set();
  return {
    name,
    streamPrefixes,
    async start(): Promise<Place> {
      const checkpoint = await readCheckpoint(db, name);
      if (!checkpoint) throw new VersionMismatch(`the tables of ${name} have not been made; run the migrations`);
      if (checkpoint.version !== version) {
        throw new VersionMismatch(
          `the tables of ${name} are of version ${checkpoint.version}, this program has version ${version}: ` +
            (checkpoint.version < version ? 'they are built beside them' : 'it leaves them alone'),
        );
      }
      if (checkpoint.pausedAt !== null) throw new ProjectionPaused(`${name} was paused at ${checkpoint.pausedAt}`);
      epoch = checkpoint.epoch;
      parked = await parkedStreamsOf(db, name);
      return checkpoint;
    },
    async advance(batch: EventBatch, position: Position, witness?: Witness): Promise<void> {
      // Where a batch is cut up, its parts end with events of their own.
      const witnessAt = (to: Position, last: RecordedEvent | undefined) =>
        to === batch.position ? (witness ?? last) : last;
      await writePiece(batch, position, {
        write: (piece, from) =>
          db.transaction().execute(async (tx) => {
            // Whoever retries parked events takes the checkpoint first and rows then: in the same order, nobody waits in a ring.
            if (parked.size > 0) await holdCheckpoint(tx, name);
            const free = piece.events.filter(({ stream }) => !parked.has(stream));
            if (free.length > 0) await projection.apply(tx, free);
            if (free.length < piece.events.length) {
              await park(
                tx,
                name,
                piece.events.filter(({ stream }) => parked.has(stream)),
              );
            }
            await moveCheckpoint(tx, name, from, piece.position, {
              version,
              epoch,
              witness: witnessAt(piece.position, piece.events.at(-1)),
            });
          }),
        async fails(event, error, from, to) {
          const failure = new PoisonEvent(name, event, error);
          await db.transaction().execute(async (tx) => {
            await requireRoomToPark(tx, name, failure);
            await park(tx, name, [event], failure.poison);
            await moveCheckpoint(tx, name, from, to, { version, epoch, witness: witnessAt(to, event) });
          });
          parked = new Set([...parked, event.stream]);
          onParked(failure);
        },
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
