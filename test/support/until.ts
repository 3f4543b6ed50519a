import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `condition` answers something truthy and returns that.
 *
 * @param what named in the error, in words that finish "gave up waiting until …"
 * @param within milliseconds after which to give up; generous, because it only runs out when a test fails
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what: string,
  within = 60_000,
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const begun = Date.now();
  for (;;) {
    const answer = await condition();
    if (answer) return answer as Exclude<T, false | null | undefined | 0 | ''>;
    const waited = Date.now() - begun;
    if (waited > within) throw new Error(`gave up waiting until ${what}`);
    // Asking takes time from what is waited for, so that it is asked less the longer it takes.
    await delay(Math.min(5 + waited / 20, 25));
  }
}
