import type { EventStore, Position, RecordedEvent } from '../event-store/event-store.js';
import { ForeignPosition } from '../event-store/event-store.js';
import { unlessAborted } from '../event-store/unless-aborted.js';
import type { Piece } from '../projecting/pieces.js';

export interface Range {
  /** Exclusive. */
  readonly after: Position;
  /** Inclusive; a position that a follower of these streams has reached. */
  readonly upTo: Position;
  readonly streamPrefixes: readonly string[];
  /** How many events make a piece; the last one may have fewer. */
  readonly size: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a range of the log in large pieces and ends. It ends early, and without an error, when `signal` aborts.
 *
 * @throws ForeignPosition when the range ends behind the log: rows that stand there were made from another log, or from a
 *   newer copy of this one
 */
export async function* readUpTo(store: EventStore, range: Range): AsyncGenerator<Piece, void, undefined> {
  const { after, upTo, streamPrefixes, size, signal } = range;
  if (after >= upTo) return;
  const head = await unlessAborted(store.head(), signal);
  if (head === undefined) return;
  if (head < upTo) throw new ForeignPosition(`the log ends at ${head || 'its start'}, before ${upTo}`);
  const leaving = new AbortController();
  const ends = AbortSignal.any([signal, leaving.signal]);
  let events: RecordedEvent[] = [];
  try {
    for await (const batch of store.subscribe({ after, streamPrefixes, signal: ends })) {
      // Whoever has caught up has been given all that the log had when it was asked for its head.
      const isEnd = batch.position >= upTo || batch.caughtUp;
      for (const event of batch.events) if (event.position <= upTo) events.push(event);
      while (events.length > size) yield cut(events, size);
      if (!isEnd && events.length < size) continue;
      yield { events, position: isEnd ? upTo : batch.position };
      if (isEnd) return;
      events = [];
    }
  } finally {
    leaving.abort();
  }
}

/** Takes the first events out. */
function cut(events: RecordedEvent[], size: number): Piece {
  const first = events.splice(0, size);
  const last = first[first.length - 1];
  if (!last) throw new RangeError(`${size} is no size of a piece`);
  return { events: first, position: last.position };
}
