import { type EventStore, EventStoreUnavailable, ForeignPosition, type Position } from '../event-store/event-store.js';
import { unlessAborted } from '../event-store/unless-aborted.js';

/** Whose lag is asked for. */
export interface Straggler {
  readonly position: Position;
  readonly streamPrefixes: readonly string[];
}

/** How long the log may take to tell, in milliseconds: whoever collects figures does not wait for ever. */
const PATIENCE = 5_000;

/**
 * The age in seconds of the oldest event that a follower has not dealt with; 0 where there is none, or its position is not of this
 * log. It is asked of the log, so that it rises while nobody follows, and every process knows it.
 *
 * @throws EventStoreUnavailable
 */
export async function lagSeconds(
  store: Pick<EventStore, 'head' | 'subscribe'>,
  { position: after, streamPrefixes }: Straggler,
  now: () => Date = () => new Date(),
): Promise<number> {
  const leaving = new AbortController();
  const { signal } = leaving;
  const giveUp = setTimeout(() => leaving.abort(), PATIENCE);
  try {
    const head = await unlessAborted(store.head(), signal);
    if (head !== undefined && after >= head) return 0;
    for await (const batch of store.subscribe({ after, streamPrefixes, signal })) {
      const at = batch.events[0]?.metadata['at'];
      if (typeof at === 'string') return Math.max(0, Math.round((now().getTime() - Date.parse(at)) / 1000));
      if (batch.caughtUp) return 0;
    }
    throw new EventStoreUnavailable('the log does not tell in time what follows');
  } catch (error) {
    if (error instanceof ForeignPosition) return 0;
    throw error;
  } finally {
    clearTimeout(giveUp);
    leaving.abort();
  }
}
