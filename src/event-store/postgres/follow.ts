import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../logger.js';
import { Backoff } from '../backoff.js';
import { type EventBatch, EventStoreUnavailable, ForeignPosition, type Position } from '../event-store.js';
import { unlessAborted } from '../unless-aborted.js';
import type { Database } from './database.js';
import type { HeadWatch } from './head-watch.js';
import { parsePosition, toPosition } from './position.js';
import { type LogWindow, readWindow } from './window.js';

/** Milliseconds. */
const LONGEST_PAUSE = 5_000;

export interface FollowOptions {
  readonly database: Database;
  readonly watch: HeadWatch;
  readonly logger: Logger;
  readonly after: Position;
  readonly prefixes: readonly string[];
  /** Ends the iteration. The caller aborts it when the iteration is left, to end a read ahead. */
  readonly signal: AbortSignal;
}

/**
 * Follows the log window by window, one read ahead of the consumer.
 *
 * @throws ForeignPosition
 */
export async function* followLog(options: FollowOptions): AsyncGenerator<EventBatch, void, undefined> {
  const { watch, signal } = options;
  let position = parsePosition(options.after);
  let wasCaughtUp = false;
  let reading = readAhead(options, position);
  while (!signal.aborted) {
    const window = await unlessAborted(reading, signal);
    if (!window) return;
    const caughtUp = window.end === window.head;
    const isNews = window.end > position || caughtUp !== wasCaughtUp;
    position = window.end;
    wasCaughtUp = caughtUp;
    if (!caughtUp) {
      reading = readAhead(options, position);
      // A query goes out once nothing else runs: who folds what is given here would keep it, and the server idle, until that is done.
      await nextTurn();
    }
    if (isNews) yield { events: window.events, position: toPosition(position), caughtUp };
    if (!caughtUp) continue;
    await watch.beyond(position, signal);
    reading = readAhead(options, position);
  }
}

/** Nobody may come to take what is read, or to hear why it could not be. */
function readAhead(options: FollowOptions, position: number): Promise<LogWindow> {
  const reading = readSurely(options, position);
  reading.catch(() => {});
  return reading;
}

/** Tries for ever, until `signal` aborts. @throws ForeignPosition */
async function readSurely(options: FollowOptions, position: number): Promise<LogWindow> {
  const { database, prefixes, logger, signal } = options;
  const backoff = new Backoff(LONGEST_PAUSE);
  for (;;) {
    try {
      const window = await readWindow(database, position, prefixes);
      if (window.head >= position) return window;
      throw new ForeignPosition(`the log ends at ${toPosition(window.head)}, before ${toPosition(position)}`);
    } catch (error) {
      if (signal.aborted || !(error instanceof EventStoreUnavailable)) throw error;
      logger.warn({ err: error }, 'a subscription cannot read the log; trying again');
      await backoff.pause({ signal });
    }
  }
}
