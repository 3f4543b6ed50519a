import { sql } from 'kysely';

import { type EventStore, ForeignPosition, type RecordedEvent, START } from '../event-store/event-store.js';
import { holdCheckpoint, ProjectionPaused, raiseEpoch, VersionMismatch } from '../projecting/checkpoint.js';
import { firstParked, noteTry, type ParkedEvent, readParkedStreams, unpark } from '../projecting/parking.js';
import { writePiece } from '../projecting/pieces.js';
import { type Poison, PoisonEvent } from '../projecting/poison-event.js';
import type { Projection } from '../projecting/projection.js';
import { type Decision, record } from './journal.js';
import type { AnyDatabase } from './slot.js';

/** How many parked events of a stream are applied in one transaction. */
const PIECE = 500;

/** Every parked stream. */
const ALL = 2_147_483_647;

export interface ParkedWork {
  readonly db: AnyDatabase;
  readonly store: EventStore;
  readonly projection: Projection;
  readonly signal: AbortSignal;
}

/** What came of a retry. */
export interface Retried {
  /** `failed`: at least one stream failed again. */
  readonly state: 'retried' | 'failed' | 'interrupted';
  /** How many events were projected. */
  readonly events: number;
  /** What each of the streams that failed again stopped at. */
  readonly failures: readonly Poison[];
}

/** An event that an operator has decided to do without. */
export interface SkippedEvent extends ParkedEvent {
  /** What failed at it. */
  readonly failure: Poison | null;
  /** Why it is skipped, and who says so. */
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** The parked streams that a request is about, those first that have waited longest. */
export async function streamsToRetry(db: AnyDatabase, { name }: Projection, only?: string): Promise<string[]> {
  const streams = (await readParkedStreams(db, name, ALL)).map(({ stream }) => stream);
  return only === undefined ? streams : streams.filter((stream) => stream === only);
}

/**
 * Projects parked events, each stream in its order up to the event that fails again. What was projected before that stays, and one
 * stream that fails holds up no other.
 *
 * @throws VersionMismatch, ProjectionPaused; ForeignPosition when the log does not hold what was parked
 */
export async function retryStreams(work: ParkedWork, streams: readonly string[]): Promise<Retried> {
  let events = 0;
  const count = (some: number) => {
    events += some;
  };
  const failures: Poison[] = [];
  for (const stream of streams) {
    try {
      while (!work.signal.aborted && (await retryPiece(work, stream, count)));
    } catch (error) {
      if (!(error instanceof PoisonEvent)) throw error;
      failures.push(error.poison);
    }
  }
  if (work.signal.aborted) return { state: 'interrupted', events, failures };
  return { state: failures.length > 0 ? 'failed' : 'retried', events, failures };
}

/** @returns whether there was anything left */
async function retryPiece(work: ParkedWork, stream: string, onEvents: (events: number) => void): Promise<boolean> {
  const { db, projection } = work;
  const waiting = await firstParked(db, projection.name, stream, PIECE);
  if (waiting.length === 0) return false;
  await writePiece({ events: await readParked(work, waiting), position: START }, START, {
    async write({ events }) {
      await db.transaction().execute(async (tx) => {
        await holdLive(tx, projection);
        await projection.apply(tx, events);
        await unpark(tx, projection.name, events);
        await raiseEpoch(tx, projection.name);
      });
      onEvents(events.length);
    },
    async fails(event, error) {
      const poison = new PoisonEvent(projection.name, event, error);
      await noteTry(db, projection.name, event, poison.poison);
      throw poison;
    },
  });
  return true;
}

async function readParked({ store }: ParkedWork, waiting: readonly ParkedEvent[]): Promise<RecordedEvent[]> {
  const ids = new Set(waiting.map(({ id }) => id));
  const [first] = waiting;
  if (!first) return [];
  const { events } = await store.readStream(first.stream, first.revision);
  const found = events.filter(({ id }) => ids.has(id));
  if (found.length === waiting.length) return found;
  throw new ForeignPosition(`the log does not hold the events of ${first.stream} that are parked: it is another one`);
}

/**
 * Leaves out the first parked event of a stream, and says so where it is kept for good. The later ones are not touched.
 *
 * @returns undefined when nothing of the stream is parked
 */
export async function skipFirst(
  { db, projection }: ParkedWork,
  stream: string,
  decision: { readonly reason: string; readonly by: string },
): Promise<SkippedEvent | undefined> {
  const { name } = projection;
  return db.transaction().execute(async (tx) => {
    await holdLive(tx, projection);
    const [first] = await firstParked(tx, name, stream, 1);
    if (!first) return undefined;
    await sql`
      insert into following.skipped_events
        (projection, event_id, stream, revision, position, type, failure, reason, skipped_by)
      select checkpoint, event_id, stream, revision, position, type, failure, ${decision.reason}, ${decision.by}
      from following.parked_events
      where checkpoint = ${name} and stream = ${stream} and revision = ${first.revision}`.execute(tx);
    await unpark(tx, name, [first]);
    await raiseEpoch(tx, name);
    await record(tx, name, 'skipped', decision, { event: first });
    return (await readSkipped(tx, name)).find(({ id }) => id === first.id);
  });
}

/** Forgets that an event is left out. Who did so and why, then and now, is kept. */
export async function withdrawSkip(
  db: AnyDatabase,
  projection: string,
  { id, type, stream, revision, position, reason, by, at }: SkippedEvent,
  decision: Decision,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`delete from following.skipped_events where projection = ${projection} and event_id = ${id}`.execute(tx);
    const event = { id, type, stream, revision, position };
    await record(tx, projection, 'skip-withdrawn', decision, { event, skipped: { reason, by, at } });
  });
}

/** What was skipped of a projection, the newest first. */
export async function readSkipped(db: AnyDatabase, projection: string): Promise<SkippedEvent[]> {
  const { rows } = await sql<SkippedEvent>`
    select event_id as id, type, stream, revision, position, failure, reason, skipped_by as by, skipped_at as at
    from following.skipped_events where projection = ${projection} order by skipped_at desc, event_id`.execute(db);
  return rows;
}

/** Holds the live follower until the transaction ends, so that nobody else writes to its tables or parks. */
async function holdLive(tx: AnyDatabase, { name, version }: Projection): Promise<void> {
  const live = await holdCheckpoint(tx, name);
  if (live?.version !== version) {
    throw new VersionMismatch(
      `the live tables of ${name} are of version ${live?.version}, this program has version ${version}: retry and skip ` +
        'with the program that keeps them',
    );
  }
  if (live.pausedAt !== null) throw new ProjectionPaused(`${name} was paused at ${live.pausedAt}; resume it first`);
}
