import { percentile } from './table.js';

/** The first questions find neither the plan nor the pages ready: they are asked, and not counted. */
const UNCOUNTED = 20;

/** @returns the 99th percentile of what a question takes that is asked so many times, in milliseconds */
export async function p99(rounds: number, ask: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await ask(round);
    if (round >= UNCOUNTED) times.push(performance.now() - startedAt);
  }
  return percentile(times, 0.99);
}
