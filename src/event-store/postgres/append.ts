import { type Appended, type ExpectedRevision, StreamConflict } from '../event-store.js';
import type { ReadyAppend } from '../validate-append.js';
import type { Database } from './database.js';
import { toPosition } from './position.js';

const APPEND = {
  name: 'event_store_append',
  text: 'select * from event_store.append($1, $2, $3, $4, $5, $6, $7)',
};

/**
 * Makes all the appends in one round trip and one transaction: each is answered in its place, with its conflict where
 * it has one.
 *
 * @throws EventStoreUnavailable for all of them
 */
export async function appendTogether(
  database: Database,
  appends: readonly ReadyAppend[],
): Promise<(Appended | StreamConflict)[]> {
  const events = appends.flatMap((append) => append.events);
  const rows = await database.run(APPEND, [
    appends.map(({ stream }) => stream),
    appends.map(({ expectedRevision }) => toNumber(expectedRevision)),
    appends.map(({ events }) => events.length),
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ data }) => data),
    events.map(({ metadata }) => metadata),
  ]);
  return appends.map(({ stream, expectedRevision }, index) => {
    const [isConflict, revision, position] = rows[index] ?? [];
    if (isConflict === 'f') return { revision: Number(revision), position: toPosition(Number(position)) };
    return new StreamConflict(stream, expectedRevision, revision === '-1' ? 'none' : Number(revision));
  });
}

/** As the function `event_store.append` has them. */
function toNumber(expected: ExpectedRevision): number {
  if (expected === 'none') return -1;
  return expected === 'any' ? -2 : expected;
}
