import { setFlagsFromString } from 'node:v8';

import { growHeapBy } from '../heap-growth.js';

/**
 * By how much more than what is in use the heap may grow before it is swept, in percent. By itself V8 lets it grow to some four times
 * as much: a rebuild that held 120 MB of rows took 690. Where little is held there is room for more, and half as much sweeping.
 */
const GROWTH = { roomy: 200, tight: 50 } as const;

/**
 * Whether V8 makes objects of a place of the program among the old ones at once, where those made there before grew old. The first rows
 * of a table do. Later ones are let go at once, but being old they keep what they name until the next mark-compact, and all of that is
 * moved about: a gigabyte for a million records of the audit history, and a fifth of the work.
 */
const PRETENURING = { on: '--allocation-site-pretenuring', off: '--no-allocation-site-pretenuring' } as const;

let tidying = 0;

/**
 * Does work that leaves much garbage behind and keeps the heap small meanwhile, for some more sweeping.
 *
 * @param work is given what tells whether much is held
 */
export async function withTidyHeap<T>(work: (holds: (much: boolean) => void) => Promise<T>): Promise<T> {
  let growth: number = GROWTH.roomy;
  tidying++;
  growHeapBy(growth);
  setFlagsFromString(PRETENURING.off);
  try {
    return await work((much) => {
      const wanted = much ? GROWTH.tight : GROWTH.roomy;
      if (wanted !== growth) growHeapBy(wanted);
      growth = wanted;
    });
  } finally {
    // Zero leaves it to V8 again.
    if (--tidying === 0) {
      growHeapBy(0);
      setFlagsFromString(PRETENURING.on);
    }
  }
}
