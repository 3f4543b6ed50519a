import { setTimeout as delay } from 'node:timers/promises';

import { EventStoreUnavailable, StreamConflict } from '../event-store/event-store.js';
import type { Logger } from '../logger.js';

/** How long a fact is kept for an event store that is away, in milliseconds. */
const PATIENCE = 10 * 60_000;

/** The longest pause between two tries, in milliseconds. */
const LONGEST_PAUSE = 5_000;

/**
 * Stores what only this process knows, such as a mail server's answer: forgotten, the mail would be sent again.
 *
 * @param store may be tried any number of times
 * @throws whatever `store` does that time does not mend, and after ten minutes what it does
 */
export async function untilStored<T>(store: () => Promise<T>, logger: Logger): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE;
  for (let pause = 100; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await store();
    } catch (error) {
      const isPassing = error instanceof EventStoreUnavailable || error instanceof StreamConflict;
      if (!isPassing || performance.now() > giveUpAt) throw error;
      logger.warn({ err: error }, 'what a mail server said cannot be recorded yet');
      await delay(pause * (0.5 + Math.random()));
    }
  }
}
