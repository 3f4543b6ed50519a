import { setTimeout as delay } from 'node:timers/promises';

/** How long figures may take that are read from the stores, in milliseconds: whoever collects must get the others, above all in an outage. */
const PATIENCE = 2_000;

/**
 * A way to read figures that never fails and never takes long, once for all who ask at the same time.
 *
 * A read that does not come back, from a database that has frozen, say, is waited for anew each time instead of being begun again:
 * each would hold a connection for good.
 *
 * @returns undefined where it failed or took too long
 */
export function readInTime<Figures>(read: () => Promise<Figures>): () => Promise<Figures | undefined> {
  let reading: Promise<Figures | undefined> | undefined;
  return async () => {
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    const over = new AbortController();
    const tooLate = delay(PATIENCE, undefined, { signal: over.signal }).catch(() => undefined);
    const figures = await Promise.race([reading, tooLate]);
    over.abort();
    return figures;
  };
}
