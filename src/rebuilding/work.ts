import { readCheckpoint } from '../projecting/checkpoint.js';
import type { Projection } from '../projecting/projection.js';
import { requireSameLog } from '../projecting/same-log.js';
import { type BuildingOptions, buildAndCompare, type Watching } from './build-and-compare.js';
import type { Comparison } from './compare.js';
import type { Decision } from './journal.js';
import { checkpointOf, type Slot } from './slot.js';

/** What is asked for together with any work on a projection. */
export interface WorkOptions extends Decision, Watching {
  /** Stops the work after the piece under way; what has been built stays, and the same call goes on from there. */
  readonly signal: AbortSignal;
}

/** Work on a projection by the only one who is at it. */
export interface ProjectionWork extends BuildingOptions, Watching {
  readonly projection: Projection;
  /** Whose work it is, and why. */
  readonly decision: Decision;
}

/**
 * Brings the tables of a slot to where the live ones stand, and compares the two.
 *
 * @returns undefined where it was interrupted
 * @throws PoisonEvent, VersionMismatch; ForeignPosition where the slot was built from another log
 */
export async function buildInto(work: ProjectionWork, slot: Slot): Promise<Comparison | undefined> {
  await requireLogOf(work, checkpointOf(work.projection, slot));
  return buildAndCompare(work, work.projection, slot, work);
}

/**
 * Makes sure that a checkpoint was reached in this log. One that is not there was reached in none.
 *
 * @throws ForeignPosition
 */
export async function requireLogOf(
  { db, store }: Pick<ProjectionWork, 'db' | 'store'>,
  checkpoint: string,
): Promise<void> {
  const place = await readCheckpoint(db, checkpoint);
  if (place) await requireSameLog(store, place);
}
