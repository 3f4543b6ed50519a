import type { EventBatch, EventStore, SubscribeOptions } from './event-store.js';

export interface LookThrough extends SubscribeOptions {
  /** Only events of these types; all where it is absent. */
  readonly types?: ReadonlySet<string> | undefined;
  /** How many events at most; then it ends. */
  readonly limit?: number | undefined;
  /** Ends when all that the log had has been seen, or goes on with what comes. */
  readonly until: 'its end' | 'aborted';
}

/**
 * What somebody wants to see of the log, in order and in pieces, which may be empty.
 *
 * @throws ForeignPosition (from the iteration)
 */
export async function* lookThrough(
  store: EventStore,
  options: LookThrough,
): AsyncGenerator<EventBatch, void, undefined> {
  const { types, limit = Number.POSITIVE_INFINITY, until, ...subscription } = options;
  let left = limit;
  for await (const { events, position, caughtUp } of store.subscribe(subscription)) {
    const wanted = (types ? events.filter(({ type }) => types.has(type)) : events).slice(0, left);
    left -= wanted.length;
    yield { events: wanted, position, caughtUp };
    if (left <= 0 || (caughtUp && until === 'its end')) return;
  }
}

/** Types as somebody writes them, with commas between them. */
export function typesIn(text: string | undefined): ReadonlySet<string> | undefined {
  return text === undefined ? undefined : new Set(text.split(','));
}
