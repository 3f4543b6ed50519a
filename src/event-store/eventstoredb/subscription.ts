import { Backoff } from '../backoff.js';
import { type EventBatch, ForeignPosition, type Position } from '../event-store.js';
import { unlessAborted } from '../unless-aborted.js';
import { describe, isConsumerTooSlow } from './failures.js';
import { parsePosition } from './position.js';
import { Session, type SessionOptions } from './session.js';

/** Milliseconds. */
const LONGEST_PAUSE = 5_000;

/** How often the server may deny in a row that a position is in its log: a node that just became leader may be wrong. */
const MOST_DENIALS = 6;

/**
 * Follows the log through one session after another, each from where the last one came to, until `signal` aborts.
 *
 * @throws ForeignPosition
 */
export async function* followForEver(options: SessionOptions): AsyncGenerator<EventBatch, void, undefined> {
  const { logger, signal } = options;
  const backoff = new Backoff(LONGEST_PAUSE);
  let position: Position = options.after;
  let denials = 0;
  let lastReason = '';
  parsePosition(position);
  while (!signal.aborted) {
    let delivered = false;
    try {
      for await (const batch of follow({ ...options, after: position })) {
        position = batch.position;
        delivered = true;
        backoff.reset();
        denials = 0;
        lastReason = '';
        yield batch;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ForeignPosition) denials += 1;
      if (error instanceof ForeignPosition && denials >= MOST_DENIALS) throw error;
      // The ordinary fate of a subscription when much is written at once: go on without a pause, to catch up.
      const goOn = isConsumerTooSlow(error) && delivered;
      const reason = describe(error);
      logger[goOn || reason === lastReason ? 'debug' : 'warn']({ reason, position }, 'a subscription begins anew');
      lastReason = reason;
      if (!goOn) await backoff.pause({ signal });
    }
  }
}

/** The batches of one session. */
async function* follow(options: SessionOptions): AsyncGenerator<EventBatch, void, undefined> {
  const opening = Session.open(options);
  const session = await unlessAborted(opening, options.signal);
  if (!session) return void opening.then((late) => late.close()).catch(() => {});
  try {
    for (;;) {
      const batch = await session.next();
      if (!batch || options.signal.aborted) return;
      yield batch;
    }
  } finally {
    session.close();
  }
}
