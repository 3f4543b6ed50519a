import { sql } from 'kysely';

import type { Position } from '../event-store/event-store.js';
import type { Projection } from '../projecting/projection.js';
import { breakingOff } from './break-off.js';
import type { Build } from './build.js';
import { type Comparison, compare } from './compare.js';
import { inTime } from './in-time.js';
import { livePosition } from './live-position.js';
import { type AnyDatabase, type Slot, schemaOf } from './slot.js';

/**
 * Builds until the live tables are no further than the slot, but for what is written meanwhile. Where something is written all the time
 * the two may never meet: what is left is small enough once it takes no less time than what was left before.
 *
 * @returns false where it was interrupted
 */
export async function catchUp(db: AnyDatabase, projection: Projection, build: Build): Promise<boolean> {
  for (let before = Infinity; ; ) {
    const startedAt = performance.now();
    const target = await livePosition(db, projection);
    if ((await build.position()) >= target) return true;
    if (!(await build.upTo(target))) return false;
    const took = performance.now() - startedAt;
    if (took >= before) return true;
    before = took;
  }
}

/** How long the event store may take to tell the last of the gap, in milliseconds: so long the live follower waits. */
const HELD_AT_MOST = 1_000;

export interface Contestants {
  readonly projection: Projection;
  readonly slot: Slot;
  /** Whether nobody else wants the machine: otherwise tables are gone through by one process. */
  readonly isAlone: boolean;
  /** Ends the building of whatever is built then. */
  readonly signal: AbortSignal;
  readonly buildWithin: (signal: AbortSignal) => Build;
}

/**
 * Compares the live tables with those of a slot that has all but caught up. The live ones are held for the few milliseconds
 * that it takes to bring the slot to the very same position and to take a snapshot of both; then they go on, however long
 * the comparison takes. Who reads or appends notices nothing. Where the event store is silent just then, they are let go, and it
 * begins anew.
 *
 * @returns undefined where it was interrupted
 */
export async function compareAtOnePosition(db: AnyDatabase, contestants: Contestants): Promise<Comparison | undefined> {
  const { projection, signal, buildWithin } = contestants;
  while (!signal.aborted) {
    if (!(await catchUp(db, projection, buildWithin(signal)))) return undefined;
    const comparison = await inTime(HELD_AT_MOST, signal, (within) =>
      compareHeld(db, contestants, buildWithin(within)),
    );
    if (comparison) return comparison;
  }
  return undefined;
}

async function compareHeld(
  db: AnyDatabase,
  { projection, slot, isAlone, signal }: Contestants,
  build: Build,
): Promise<Comparison | undefined> {
  const snapshot = await db
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute();
  try {
    const position = await db.transaction().execute(async (held) => {
      const { rows } = await sql<{ position: Position }>`
        select position from following.checkpoints where name = ${projection.name} for update`.execute(held);
      const reached = rows[0]?.position;
      if (reached === undefined || !(await build.upTo(reached))) return undefined;
      // A snapshot is taken by the first statement that reads.
      await sql`select 1 from following.checkpoints limit 1`.execute(snapshot);
      return reached;
    });
    if (position === undefined) return undefined;
    if (!isAlone) await sql`set local max_parallel_workers_per_gather = 0`.execute(snapshot);
    return await breakingOff(snapshot, db, signal, () =>
      compare(snapshot, position, projection, schemaOf(projection, slot)),
    );
  } finally {
    await snapshot.rollback().execute();
  }
}
