import { setFlagsFromString } from 'node:v8';

/**
 * By how much more than what is in use the heap may grow before it is swept, in percent. By itself V8 lets it grow to some four times
 * as much: a rebuild that held 120 MB of rows took 690.
 */
const GROWTH = 30;

let tidying = 0;

/** Does work that leaves much garbage behind and keeps the heap small meanwhile, for some more sweeping. */
export async function withTidyHeap<T>(work: () => Promise<T>): Promise<T> {
  if (tidying++ === 0) setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  try {
    return await work();
  } finally {
    // Zero leaves it to V8 again.
    if (--tidying === 0) setFlagsFromString('--heap-growing-percent=0');
  }
}
