import { type Appended, type ExpectedRevision, StreamConflict, type StreamState } from '../event-store.js';
import type { ReadyAppend } from '../validate-append.js';
import type { Database } from './database.js';
import { toPosition } from './position.js';

const APPEND = {
  name: 'event_store_append',
  text: 'select * from event_store.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
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
  const { given, firstOf } = distinctGiven(appends);
  const rows = await database.run(APPEND, [
    appends.map(({ stream }) => stream),
    appends.map(({ expectedRevision }) => toNumber(expectedRevision)),
    appends.map(({ events }) => events.length),
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ data }) => data),
    events.map(({ metadata }) => metadata),
    appends.map((append) => firstOf.get(append.given) ?? 0),
    appends.map((append) => append.given.length),
    given.map(({ stream }) => stream),
    given.map(({ revision }) => toNumber(revision)),
  ]);
  return appends.map((append, index) => {
    const [conflict, revision, position] = rows[index] ?? [];
    if (conflict === null) return { revision: Number(revision), position: toPosition(Number(position)) };
    const actual = revision === '-1' ? 'none' : Number(revision);
    const moved = append.given.find(({ stream }) => stream === conflict);
    return moved
      ? new StreamConflict(moved.stream, moved.revision, actual)
      : new StreamConflict(append.stream, append.expectedRevision, actual);
  });
}

/** What the appends are given: each list once, since appends of one caller share theirs, and where it begins, from 1. */
function distinctGiven(appends: readonly ReadyAppend[]) {
  const given: StreamState[] = [];
  const firstOf = new Map<readonly StreamState[], number>();
  for (const append of appends) {
    if (firstOf.has(append.given)) continue;
    firstOf.set(append.given, given.length + 1);
    given.push(...append.given);
  }
  return { given, firstOf };
}

/** As the function `event_store.append` has them. */
function toNumber(expected: ExpectedRevision): number {
  if (expected === 'none') return -1;
  return expected === 'any' ? -2 : expected;
}
