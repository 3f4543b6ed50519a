import { unlessAborted } from '../event-store/unless-aborted.js';

/** Lets one through at a time, in the order in which they came. */
export class Turns {
  /** Settles when whoever came last has left. */
  private last: Promise<void> = Promise.resolve();
  private within = 0;

  /** Whether whoever comes now has to wait. */
  get areTaken(): boolean {
    return this.within > 0;
  }

  /** @returns undefined where `signal` aborted before its turn: then nothing was done */
  async take<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T | undefined> {
    const before = this.last;
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.last = before.then(() => left);
    this.within += 1;
    try {
      await unlessAborted(before, signal);
      return signal.aborted ? undefined : await action();
    } finally {
      this.within -= 1;
      leave();
    }
  }
}
