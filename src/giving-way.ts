import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** The thread that calls, on Linux; the whole process elsewhere. */
const CALLER = 0;

/**
 * Lets others go first from here on, with all threads of the process: for work that may take its time beside what people wait for. It is
 * for good, since only root could take it back.
 */
export function giveWay(): void {
  for (const thread of threads()) lower(thread);
}

/** On Linux each has a priority of its own, and those by which V8 sweeps and compiles take as much as the one that works. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [CALLER];
  }
}

function lower(thread: number): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  try {
    if (getPriority(thread) < PRIORITY_BELOW_NORMAL) setPriority(thread, PRIORITY_BELOW_NORMAL);
  } catch {
    // Where it is not allowed, nobody goes first.
  }
}
