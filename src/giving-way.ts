import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** The thread that calls, on Linux; the whole process elsewhere. */
const CALLER = 0;

/**
 * Lets others go first from here on: for work that may take its time beside what people wait for. It is for good, since only root could
 * take it back. A process does with all its threads, a thread by itself. Where the system knows no priorities of threads, a thread
 * leaves that of the process alone.
 */
export function giveWay(): void {
  if (!isMainThread && process.platform !== 'linux') return;
  for (const thread of isMainThread ? threadsOfProcess() : [CALLER]) lower(thread);
}

/** Those by which V8 sweeps and compiles take as much as the one that works. */
function threadsOfProcess(): readonly number[] {
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
