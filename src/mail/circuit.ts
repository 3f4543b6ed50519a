import type { Logger } from '../logger.js';

export interface CircuitOptions {
  /** Rejects as long as the mail server cannot be used. */
  readonly probe: () => Promise<void>;
  readonly logger: Logger;
  /** Mails in a row that the server could not be used for, after which none is tried. */
  readonly failures?: number;
  /** Before the first probe, in milliseconds; each that fails doubles it. */
  readonly pause?: number;
  readonly longestPause?: number;
}

/** What the circuit is like for those who watch it. */
export interface CircuitStanding {
  readonly isOpen: boolean;
  /** Since when it is open. */
  readonly since?: Date;
  /** Mails in a row that the server could not be used for, until now. With few mails, it takes long until there are enough to open. */
  readonly failuresInARow: number;
}

/**
 * Keeps mails from a mail server that cannot be used: of ten thousand that wait, each would cost an attempt, two events and a
 * deferral, and tell nothing that the first few did not. After some failures in a row it opens; while it is open, one probe
 * after another looks whether the server is back, with growing pauses. That a probe goes well closes it, on approval: the pauses
 * shrink only when the server has answered a mail.
 *
 * It belongs to one process. What another learned of the server may be about its own network.
 */
export class Circuit {
  private readonly options: Required<CircuitOptions>;
  private failed = 0;
  private pause: number;
  private opened: { readonly since: Date; nextProbe: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(options: CircuitOptions) {
    this.options = { failures: 5, pause: 15_000, longestPause: 5 * 60_000, ...options };
    this.pause = this.options.pause;
  }

  get standing(): CircuitStanding {
    const standing = { isOpen: this.opened !== undefined, failuresInARow: this.failed };
    return this.opened ? { ...standing, since: this.opened.since } : standing;
  }

  /**
   * When a mail should be looked at again: undefined while mails may be tried. After the next probe, and spread over a pause, so that
   * those who waited come back one after the other.
   */
  waitUntil(random: () => number = Math.random): Date | undefined {
    if (!this.opened) return undefined;
    return new Date(Math.max(this.opened.nextProbe, Date.now()) + random() * this.pause);
  }

  /** The server answered a mail, however it did. */
  answered(): void {
    this.failed = 0;
    this.pause = this.options.pause;
    this.shut();
  }

  /** The server could not be used for a mail, for a reason that has nothing to do with the mail. */
  unusable(): void {
    this.failed++;
    if (this.opened || this.isClosed || this.failed < this.options.failures) return;
    this.opened = { since: new Date(), nextProbe: 0 };
    this.options.logger.error({ failures: this.failed }, 'no mail is tried for now: the mail server cannot be used');
    this.probeLater();
  }

  /** Probes no more. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private probeLater(): void {
    if (!this.opened || this.isClosed) return;
    this.opened.nextProbe = Date.now() + this.pause;
    this.timer = setTimeout(() => void this.probe(), this.pause).unref();
    this.pause = Math.min(2 * this.pause, this.options.longestPause);
  }

  private async probe(): Promise<void> {
    try {
      await this.options.probe();
      // The failures still count: the next one opens it at once.
      this.shut();
    } catch (error) {
      this.options.logger.debug({ err: error }, 'the mail server still cannot be used');
      this.probeLater();
    }
  }

  private shut(): void {
    clearTimeout(this.timer);
    if (!this.opened) return;
    this.options.logger.info({ since: this.opened.since }, 'mails are tried again: the mail server can be used');
    this.opened = undefined;
  }
}
