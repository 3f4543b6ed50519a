import type { Page } from 'playwright-core';

/** Milliseconds that the work takes on two cores of an AMD EPYC in a virtual machine where nothing else runs. */
const USUAL = 30;

const WORK = `{
  const begun = performance.now();
  let sum = 1;
  for (let turn = 0; turn < 30_000_000; turn++) sum = (sum * 31 + turn) | 0;
  performance.now() - begun + 0 * sum
}`;

/**
 * How many times longer than usual the machine takes just now, at the least: what is to be quick on a usual one may take so many times
 * longer. Never less than once.
 */
export async function slowness(page: Page): Promise<number> {
  const times: number[] = [];
  while (times.length < 3) times.push(await page.evaluate<number>(WORK));
  return Math.max(1, Math.min(...times) / USUAL);
}
