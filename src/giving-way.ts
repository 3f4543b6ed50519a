import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** The thread that calls, on Linux; the whole process elsewhere. */
const CALLER = 0;

/** Of two that want a processor, the other has it: for what holds nothing that others wait for. */
const LAST = constants.priority.PRIORITY_LOW;

/**
 * Lets others go first from here on, with all threads of the process: for work that may take its time beside what people wait for. It is
 * for good, since only root could take it back.
 *
 * Where Linux shares processors out among sessions first, priorities hold within a session only: a process that leads one of its own, as
 * `detached` has it, lowers that. One that shares a session with others leaves it as it is.
 *
 * @see https://man7.org/linux/man-pages/man7/sched.7.html, "The autogroup feature"
 */
export function giveWay(): void {
  for (const thread of threads()) lower(thread, LAST);
  if (sessionOf('self') === process.pid) lowerSession('self', LAST);
}

/** On Linux each has a priority of its own, and those by which V8 sweeps and compiles take as much as the one that works. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [CALLER];
  }
}

/** Where it is not allowed, nobody goes first. @param id of a thread, or of a process with one thread */
export function lower(id: number, priority: number): void {
  try {
    if (getPriority(id) < priority) setPriority(id, priority);
  } catch {}
}

/** The session of a process of this machine; undefined where the system does not tell. */
export function sessionOf(id: number | 'self'): number | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // Behind the name, which may hold anything: state, parent, group, session.
    const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(session);
  } catch {
    return undefined;
  }
}

/** Lowers a whole session by one of its processes. @returns false where the system wants to be asked again, after a tenth of a second */
export function lowerSession(id: number | 'self', priority: number): boolean {
  try {
    writeFileSync(`/proc/${id}/autogroup`, String(priority));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
}
