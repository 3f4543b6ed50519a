import { pauseFor } from '../pause-for.js';

/** In milliseconds. */
const SHORTEST = 50;

/**
 * Pauses between tries that double up to `longest` milliseconds. Each is drawn from the upper half of its length, so
 * that the many calls which a lost server fails at one moment do not all come back at one moment.
 */
export class Backoff {
  #failures = 0;

  constructor(private readonly longest: number) {}

  /** What was tried has worked: the next pause is a short one again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Waits the next pause out, or until `signal` aborts. Returns false at once where it would end after `until`. */
  async pause({ until = Number.POSITIVE_INFINITY, signal }: PauseOptions = {}): Promise<boolean> {
    const length = Math.min(this.longest, SHORTEST * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    if (Date.now() + length >= until) return false;
    this.#failures += 1;
    await pauseFor(length, signal);
    return true;
  }
}

interface PauseOptions {
  /** As `Date.now()` tells time. */
  readonly until?: number;
  readonly signal?: AbortSignal;
}
