import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import { pauseFor } from '../pause-for.js';

/** How long a fact is kept that no store takes, in milliseconds. */
const PATIENCE = 10 * 60_000;

/** The longest pause before all stores are tried again, in milliseconds. */
const LONGEST_PAUSE = 5_000;

/** How long each store has once the process is to stop, in milliseconds. One that answers at all needs a few. */
const LAST_CHANCE = 1_500;

/**
 * Stores what only this process knows, such as a mail server's answer: forgotten, the mail would be sent again.
 *
 * @param stores the first that takes it is enough; each may be tried any number of times
 * @param stopping ends the pauses: all are tried once more then, and none is waited for any longer
 * @throws what the last of them did, when the process stops or ten minutes are over
 */
export async function untilStored(
  stores: readonly (() => Promise<void>)[],
  { logger, stopping }: { readonly logger: Logger; readonly stopping: AbortSignal },
): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE;
  for (let pause = 100; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    let failure: unknown;
    for (const store of stores) {
      try {
        return await unlessStopped(store(), stopping);
      } catch (error) {
        logger.warn({ err: error }, 'what a mail server said cannot be stored');
        failure = error;
      }
    }
    if (stopping.aborted || performance.now() > giveUpAt) throw failure;
    await pauseFor(pause * (0.5 + Math.random()), stopping);
  }
}

async function unlessStopped(storing: Promise<void>, stopping: AbortSignal): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const stopped = async () => {
    if (!stopping.aborted) await once(stopping, 'abort', { signal });
    await delay(LAST_CHANCE, undefined, { signal });
    throw new Error('the process stops, and the store does not answer');
  };
  try {
    await Promise.race([storing, stopped()]);
  } finally {
    over.abort();
  }
}
