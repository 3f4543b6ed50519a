import { sql } from 'kysely';

import type { EventStore } from '../event-store/event-store.js';
import type { Projection } from '../projecting/projection.js';
import { BrokenOff } from './break-off.js';
import { Build } from './build.js';
import type { Comparison } from './compare.js';
import { analyzeSlot } from './finish-slot.js';
import { type IndexProgress, makeIndexesWatched, watching } from './index-progress.js';
import { livePosition } from './live-position.js';
import { catchUp, compareAtOnePosition } from './same-position.js';
import { type AnyDatabase, checkpointOf, type Slot } from './slot.js';
import { type Progress, progressAt, progressOf } from './standing.js';
import type { WriteBackLimits } from './write-back.js';

export interface BuildingOptions {
  readonly db: AnyDatabase;
  readonly store: EventStore;
  /** How many events are dealt with at once. */
  readonly pieceSize?: number;
  /** When rows that were folded in memory are written. */
  readonly limits?: Partial<WriteBackLimits>;
}

export interface Watching {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Brings the tables of a slot to where the live ones stand, and compares the two.
 *
 * @returns undefined where it was interrupted, at whatever point
 */
export async function buildAndCompare(
  { db, store, pieceSize, limits = {} }: BuildingOptions,
  projection: Projection,
  slot: Slot,
  { signal, onProgress = () => {} }: Watching,
): Promise<Comparison | undefined> {
  const target = await livePosition(db, projection);
  const startedAt = performance.now();
  const before = await eventsOf(db, projection, slot);
  let events = before;
  const buildWithin = (within: AbortSignal) =>
    new Build({
      db,
      store,
      projection,
      slot,
      signal: within,
      limits,
      ...(pieceSize === undefined ? {} : { pieceSize }),
      onPiece: (dealtWith, position) => {
        events += dealtWith;
        const progress = progressOf(position, position > target ? position : target, events, 0);
        const rate = ((events - before) * 1000) / (performance.now() - startedAt);
        onProgress({ ...progress, rate: Math.round(rate), eta: Math.ceil((progress.total - events) / rate) });
      },
    });
  const tellOfKeys = (index: IndexProgress | null) => {
    if (index) onProgress({ ...progressAt('indexing', events), index });
  };
  try {
    const catchingUp = () => catchUp(db, projection, buildWithin(signal));
    if (!(await watching(db, projection, slot, tellOfKeys, catchingUp))) return undefined;
    // Who writes waits for answers.
    const isAlone = (await livePosition(db, projection)) === target;
    const comparing = async () => {
      if (!(await catchingUp())) return undefined;
      onProgress(progressAt('comparing', events));
      return compareAtOnePosition(db, { projection, slot, isAlone, signal, buildWithin });
    };
    if (slot === 'previous') return await comparing();
    await makeIndexesWatched(db, projection, slot, isAlone, signal, (step, index) =>
      onProgress({ ...progressAt('indexing', events), step, index }),
    );
    const analyzed = analyzeSlot(db, projection, slot, signal);
    if (!isAlone) await analyzed;
    const compared = comparing();
    // Whatever comes of one, the other has ended, too, before it is told.
    await Promise.allSettled([compared, analyzed]);
    const comparison = await compared;
    await analyzed;
    return comparison;
  } catch (error) {
    if (error instanceof BrokenOff) return undefined;
    throw error;
  }
}

/** How many events the tables of a slot were made from. */
export async function eventsOf(db: AnyDatabase, projection: Projection, slot: Slot): Promise<number> {
  const { rows } = await sql<{ events: number }>`
    select events from following.builds where checkpoint = ${checkpointOf(projection, slot)}`.execute(db);
  return rows[0]?.events ?? 0;
}
