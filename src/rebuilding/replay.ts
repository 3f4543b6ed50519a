import { ForeignPosition, type RecordedEvent, START } from '../event-store/event-store.js';
import { holdCheckpoint, ProjectionPaused, raiseEpoch, VersionMismatch } from '../projecting/checkpoint.js';
import { firstParked, noteTry, type ParkedEvent, unpark } from '../projecting/parking.js';
import { writePiece } from '../projecting/pieces.js';
import { type Poison, PoisonEvent } from '../projecting/poison-event.js';
import type { Projection } from '../projecting/projection.js';
import { amend, type EntryId } from './journal.js';
import type { AnyDatabase } from './slot.js';
import type { ProjectionWork } from './work.js';

/** How many parked events of a stream are applied in one transaction. */
const PIECE = 500;

/** What work on parked events needs. */
export type ParkedWork = Pick<ProjectionWork, 'db' | 'store' | 'projection' | 'signal'>;

/** What came of projecting parked events. */
export interface Retried {
  /** `failed`: at least one stream failed again. */
  readonly state: 'retried' | 'failed' | 'interrupted';
  /** How many events were projected. */
  readonly events: number;
  /** What each of the streams that failed again stopped at. */
  readonly failures: readonly Poison[];
}

/** What the journal says of a replay that has just begun. */
export const NOTHING_REPLAYED = { replayed: 0, outcome: null } as const;

/** How many of the events that failed again are named in the journal. */
const NAMED = 10;

/**
 * Projects parked events, each stream in its order up to the event that fails again. What was projected before that stays, and one
 * stream that fails holds up no other.
 *
 * The journal says how many events were projected, in the transactions that project them: also after a crash it is exact. What came
 * of it is added at the end; an entry without that is of work that is under way, or was cut off.
 *
 * @param entry of the journal
 * @throws VersionMismatch, ProjectionPaused; ForeignPosition when the log does not hold what was parked
 */
export async function replay(work: ParkedWork, streams: readonly string[], entry: EntryId): Promise<Retried> {
  const { db, signal } = work;
  let events = 0;
  const failures: Poison[] = [];
  const end = (outcome: Retried['state'] | 'broken-off', told: object = {}) =>
    db.transaction().execute((tx) => amend(tx, entry, { outcome, ...told }));
  try {
    for (const stream of streams) {
      const failure = await replayStream(work, stream, {
        within: (tx, some) => amend(tx, entry, { replayed: events + some }),
        after: (some) => {
          events += some;
        },
      });
      if (failure) failures.push(failure);
    }
  } catch (error) {
    const { code = 'unexpected' } = error as NodeJS.ErrnoException;
    await end('broken-off', { error: code }).catch(() => {});
    throw error;
  }
  const state = signal.aborted ? 'interrupted' : failures.length > 0 ? 'failed' : 'retried';
  await end(state, failures.length > 0 ? { failed: failures.slice(0, NAMED).map(({ event }) => event) } : {});
  return { state, events, failures };
}

/** Told of every piece that is written: within the transaction that writes it, and after that. */
interface Counting {
  within(tx: AnyDatabase, events: number): Promise<void>;
  after(events: number): void;
}

/** @returns what it failed at, where it did */
async function replayStream(work: ParkedWork, stream: string, counting: Counting): Promise<Poison | undefined> {
  const { db, projection, signal } = work;
  try {
    while (!signal.aborted) {
      const waiting = await firstParked(db, projection.name, stream, PIECE);
      if (waiting.length === 0) return undefined;
      await replayPiece(work, await readParked(work, waiting), counting);
    }
  } catch (error) {
    if (error instanceof PoisonEvent) return error.poison;
    throw error;
  }
  return undefined;
}

async function replayPiece(
  { db, projection }: ParkedWork,
  piece: readonly RecordedEvent[],
  counting: Counting,
): Promise<void> {
  const { name } = projection;
  await writePiece({ events: piece, position: START }, START, {
    async write({ events }) {
      await db.transaction().execute(async (tx) => {
        await holdLive(tx, projection);
        await projection.apply(tx, events);
        await unpark(tx, name, events);
        await raiseEpoch(tx, name);
        await counting.within(tx, events.length);
      });
      counting.after(events.length);
    },
    async fails(event, error) {
      const poison = new PoisonEvent(name, event, error);
      await noteTry(db, name, event, poison.poison);
      throw poison;
    },
  });
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
