import { readFileSync } from 'node:fs';
import type { Position } from '../event-store/event-store.js';
import { pauseFor } from '../pause-for.js';

/**
 * How long it rests for as long as it was held up. With two processors for everything, rebuilds beside a hundred invitations a second took
 * a half longer for it, and those who invited waited at most twice as long as without a rebuild; else up to three times.
 */
const RESTS = 2;

/** It rests no longer at a time, in milliseconds, however little is left for it. */
const LONGEST = 200;

/** After an index it rests no longer, in milliseconds. */
const LONGEST_AFTER_INDEX = 5_000;

/** How often it looks whether somebody writes, in milliseconds. */
const LOOKS_EVERY = 1_000;

export interface PaceOptions {
  /** Where the live tables stand. */
  readonly livePosition: () => Promise<Position>;
  /** See `heldUpFor`. */
  readonly heldUp?: () => number;
  /** How often it is looked whether somebody writes, in milliseconds. */
  readonly looksEvery?: number;
  /** Ends a rest. */
  readonly signal: AbortSignal;
}

/**
 * Keeps a build from taking what others wait for, of which a low priority of its own thread is but a part: a database and an event store
 * work for it at theirs. Where processors are short it is held up itself; then it rests, and so do they. Where nobody writes to the log
 * it never does.
 */
export class Pace {
  private readonly heldUp: () => number;
  /** How long it had been held up when the piece began; not asked for while nobody writes, since that takes time itself. */
  private before: number | undefined;
  private live: Position | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private isAlone = true;

  constructor(private readonly options: PaceOptions) {
    this.heldUp = options.heldUp ?? heldUpFor;
  }

  /** To be called between two pieces of work. @returns how long it rested, in milliseconds */
  async rest(): Promise<number> {
    await this.look();
    const rest = this.before === undefined ? 0 : Math.min(RESTS * (this.heldUp() - this.before), LONGEST);
    // No timer is shorter.
    if (rest >= 1) await pauseFor(rest, this.options.signal);
    this.before = this.isAlone ? undefined : this.heldUp();
    return rest;
  }

  private async look(): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt < (this.options.looksEvery ?? LOOKS_EVERY)) return;
    this.lookedAt = now;
    const live = await this.options.livePosition();
    this.isAlone = this.live === undefined || this.live === live;
    this.live = live;
  }
}

/**
 * Rests after an index for as long as it took: while it is made a database is at work for it all the time, and as it is committed all of
 * it goes to disk at once, for which whoever commits just then waits.
 *
 * @param took how long it took, in milliseconds
 * @param signal ends the rest
 */
export async function restAfterIndex(took: number, signal: AbortSignal): Promise<void> {
  await pauseFor(Math.min(took, LONGEST_AFTER_INDEX), signal);
}

/**
 * How long the calling thread was ready and others ran, in milliseconds since it began; always 0 where the system does not tell.
 *
 * @see https://www.kernel.org/doc/html/latest/scheduler/sched-stats.html#proc-pid-schedstat
 */
export function heldUpFor(): number {
  try {
    const [, waited] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0;
  }
}
