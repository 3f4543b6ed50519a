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
  within = 20_000,
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const giveUpAt = Date.now() + within;
  for (;;) {
    const answer = await condition();
    if (answer) return answer as Exclude<T, false | null | undefined | 0 | ''>;
    if (Date.now() > giveUpAt) throw new Error(`gave up waiting until ${what}`);
    await delay(5);
  }
}
