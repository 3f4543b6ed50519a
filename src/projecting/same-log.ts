import {
  type EventBatch,
  type EventStore,
  EventStoreUnavailable,
  ForeignPosition,
  type Position,
} from '../event-store/event-store.js';
import type { Place, Witness } from './checkpoint.js';

/**
 * The event at the end of a batch. It may be one of a stream that the follower does not want: then it is looked up, as the last
 * event that it does want may be far behind, and a log that was restored to some point in between would pass for the same.
 */
export async function witnessOf(store: EventStore, { events, position }: EventBatch): Promise<Witness | undefined> {
  const last = events.at(-1);
  if (last?.position === position) return last;
  try {
    const id = await store.eventAt(position);
    return id === undefined ? last : { id, position };
  } catch (error) {
    // The next batch brings a better one.
    if (error instanceof EventStoreUnavailable) return last;
    throw error;
  }
}

/** What tells a log from another. */
export type KnownLog = Pick<EventStore, 'head' | 'eventAt'>;

/** The log as it is now, for several questions: each of its answers is asked for once. */
export function asItIsNow(store: KnownLog): KnownLog {
  let head: Promise<Position> | undefined;
  const events = new Map<Position, Promise<string | undefined>>();
  return {
    head() {
      head ??= store.head();
      return head;
    },
    eventAt(position) {
      const event = events.get(position) ?? store.eventAt(position);
      events.set(position, event);
      return event;
    },
  };
}

/**
 * Why the log cannot be the one in which somebody stands: it was restored from an older copy, or is another one altogether.
 * Positions alone do not tell, as soon as such a log has grown past them.
 *
 * @returns undefined where it is the same
 * @throws EventStoreUnavailable
 */
export async function whyNotThisLog(store: KnownLog, { position, witness }: Place): Promise<string | undefined> {
  const head = await store.head();
  if (position > head) return `the log ends at ${head || 'its start'}, before ${position}`;
  if (!witness || (await eventAt(store, witness.position)) === witness.id) return undefined;
  return `the log does not hold event ${witness.id} at ${witness.position}, as it did: it was restored from an older copy`;
}

async function eventAt(store: KnownLog, position: Position): Promise<string | undefined> {
  try {
    return await store.eventAt(position);
  } catch (error) {
    if (error instanceof ForeignPosition) return undefined;
    throw error;
  }
}

/**
 * Goes on only in the same log: in another, events would be left out in silence, or rows kept of what never happened.
 *
 * @throws ForeignPosition, EventStoreUnavailable
 */
export async function requireSameLog(store: KnownLog, place: Place): Promise<void> {
  const reason = await whyNotThisLog(store, place);
  if (reason !== undefined) throw new ForeignPosition(reason);
}
