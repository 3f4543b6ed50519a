import { sql } from 'kysely';

import type { Projection } from '../projecting/projection.js';
import { breakingOff } from './break-off.js';
import { restAfterIndex } from './pace.js';
import {
  type AnyDatabase,
  type DeferredIndex,
  deferredIndexes,
  makeIndex,
  type Slot,
  schemaOf,
  tablesOf,
} from './slot.js';

/** How many indexes are made at once where nobody waits for anything else. */
const AT_ONCE = 2;

/**
 * Makes the indexes that were left for later, and then the constraints of them.
 *
 * @param isAlone whether nobody else wants the machine: then it makes several at once; else it rests after each
 * @param onIndex told of each before it is made
 * @throws BrokenOff when `signal` aborts: those that were done stay
 */
export async function finishSlot(
  db: AnyDatabase,
  projection: Projection,
  slot: Slot,
  isAlone: boolean,
  signal: AbortSignal,
  onIndex: (number: number, of: number) => void,
): Promise<void> {
  const deferred = await deferredIndexes(db, projection, slot);
  const indexes = deferred.filter(({ isConstraint }) => !isConstraint);
  const constraints = deferred.filter(({ isConstraint }) => isConstraint);
  const failing = new AbortController();
  const within = AbortSignal.any([signal, failing.signal]);
  const make = (index: DeferredIndex, until: AbortSignal) =>
    db.transaction().execute((tx) => breakingOff(tx, db, until, () => makeIndex(tx, projection, slot, index)));
  const next = indexes.entries();
  const makeThem = async () => {
    for (const [place, index] of next) {
      onIndex(place + 1, indexes.length);
      const startedAt = performance.now();
      await make(index, within);
      if (!isAlone) await restAfterIndex(performance.now() - startedAt, within);
    }
  };
  const failures: unknown[] = [];
  const making = Array.from({ length: isAlone ? AT_ONCE : 1 }, () =>
    makeThem().catch((error: unknown) => {
      failures.push(error);
      failing.abort();
    }),
  );
  await Promise.all(making);
  // What follows the first is that the others were broken off.
  if (failures.length > 0) throw failures[0];
  for (const constraint of constraints) await make(constraint, signal);
}

/** Has the planner look at the tables. @throws BrokenOff when `signal` aborts */
export async function analyzeSlot(
  db: AnyDatabase,
  projection: Projection,
  slot: Slot,
  signal: AbortSignal,
): Promise<void> {
  const tables = (await tablesOf(db, schemaOf(projection, slot))).map((table) => sql.table(table));
  await db
    .connection()
    .execute((on) => breakingOff(on, db, signal, () => sql`analyze ${sql.join(tables)}`.execute(on)));
}
