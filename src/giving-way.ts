import { constants, getPriority, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/**
 * Lets others go first from here on: for work that may take its time beside what people wait for. It is for good, since only root could
 * take it back. On Linux it is the calling thread that does; elsewhere it would be all of the process, which a thread leaves alone.
 */
export function giveWay(): void {
  if (!isMainThread && process.platform !== 'linux') return;
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  try {
    if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);
  } catch {
    // Where it is not allowed, nobody goes first.
  }
}
