import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

import { sessionOf } from './giving-way.js';
import { ROOM_FOR_YOUNG } from './heap-growth.js';

/**
 * Whether the system shares processors out among sessions first, and this process is in one with others: however low its priority, it
 * takes as much then as all of them from whoever is in another session.
 *
 * @see https://man7.org/linux/man-pages/man7/sched.7.html, "The autogroup feature"
 */
export function sharesSession(): boolean {
  return areSessionsGroups() && sessionOf('self') !== process.pid;
}

function areSessionsGroups(): boolean {
  try {
    return readFileSync('/proc/sys/kernel/sched_autogroup_enabled', 'utf8').trim() === '1';
  } catch {
    return false;
  }
}

/**
 * Does what this process was started for in another one that leads a session of its own, at the same terminal, and waits for its end. That
 * one has the heap of what builds tables, which no process can give itself.
 *
 * @param signal interrupts the other one: what is pressed at a terminal reaches no other session
 * @returns its exit code; 128 and the number of the signal where one ended it, as shells have it
 */
export async function runInOwnSession(signal: AbortSignal): Promise<number> {
  const { execPath, execArgv, argv } = process;
  const child = spawn(execPath, [ROOM_FOR_YOUNG, ...execArgv, ...argv.slice(1)], {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt);
  try {
    const [code, ended] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return ended ? 128 + constants.signals[ended] : (code ?? 1);
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** Has a process that `runInOwnSession` has started told when whoever started it is gone, however that ended. */
export function onceAlone(tell: () => void): void {
  process.once('disconnect', tell);
  // Nobody says anything here: what it was started for is done at some time, and then it ends.
  process.channel?.unref();
}
