import { ForeignPosition, type RecordedEvent, START } from '../event-store/event-store.js';
import { holdCheckpoint, ProjectionPaused, raiseEpoch, VersionMismatch } from '../projecting/checkpoint.js';
import { firstParked, noteTry, type ParkedEvent, readParkedStreams, unpark } from '../projecting/parking.js';
import { writePiece } from '../projecting/pieces.js';
import { type Poison, PoisonEvent } from '../projecting/poison-event.js';
import type { Projection } from '../projecting/projection.js';
import { OperationRefused } from './operation-refused.js';
import type { AnyDatabase } from './slot.js';
import type { ProjectionWork } from './work.js';

/** How many parked events of a stream are applied in one transaction. */
const PIECE = 500;

/** Every parked stream. */
const ALL = 2_147_483_647;

/** What work on parked events needs. */
export type ParkedWork = Pick<ProjectionWork, 'db' | 'store' | 'projection' | 'signal'>;

/** What came of a retry. */
export interface Retried {
  /** `failed`: at least one stream failed again. */
  readonly state: 'retried' | 'failed' | 'interrupted';
  /** How many events were projected. */
  readonly events: number;
  /** What each of the streams that failed again stopped at. */
  readonly failures: readonly Poison[];
}

/**
 * Projects what is parked of one stream, or of all where it is absent, those first that have waited longest.
 *
 * @throws OperationRefused `nothing-parked`; and what `retryStreams` throws
 */
export async function retry(work: ParkedWork, stream: string | undefined): Promise<Retried> {
  const { db, projection } = work;
  const parked = (await readParkedStreams(db, projection.name, ALL)).map((each) => each.stream);
  const streams = stream === undefined ? parked : parked.filter((each) => each === stream);
  if (streams.length === 0) throw nothingParked(stream ?? projection.name);
  return retryStreams(work, streams);
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

/** Holds the live follower until the transaction ends, so that nobody else writes to its tables or parks. */
export async function holdLive(tx: AnyDatabase, { name, version }: Projection): Promise<void> {
  const live = await holdCheckpoint(tx, name);
  if (live?.version !== version) {
    throw new VersionMismatch(
      `the live tables of ${name} are of version ${live?.version}, this program has version ${version}: retry and skip ` +
        'with the program that keeps them',
    );
  }
  if (live.pausedAt !== null) throw new ProjectionPaused(`${name} was paused at ${live.pausedAt}; resume it first`);
}

/** @param what a stream, or a projection */
export function nothingParked(what: string): OperationRefused {
  return new OperationRefused('nothing-parked', `nothing of ${what} is parked`);
}
