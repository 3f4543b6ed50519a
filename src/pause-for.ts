import { setTimeout as delay } from 'node:timers/promises';

/**
 * Settles after `milliseconds`, or at once when `signal` aborts: that is no failure here, and whoever needs to know looks at the signal.
 */
export async function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal && { signal }).catch(() => {});
}
