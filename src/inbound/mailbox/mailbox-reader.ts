import { randomUUID } from 'node:crypto';
import type { DeliveryReport, DeliveryReports, ReportObserver } from '../../commands/delivery-reports.js';
import type { Logger } from '../../logger.js';
import { pauseFor } from '../../pause-for.js';
import { readDsn } from '../dsn/read-dsn.js';
import type { ProofCheck } from '../inbound.js';
import { type Mailbox, MailboxUnusable, type MessageKind, type OpenMailbox } from './mailbox.js';

/** The turn of one process among those that read the same mailbox. */
export interface Turn {
  /** Aborts when it is over without our doing. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface MailboxReaderOptions {
  readonly open: OpenMailbox;
  /** Waits for our turn; undefined where the signal aborts first. */
  readonly lead: (signal: AbortSignal) => Promise<Turn | undefined>;
  readonly deliveryReports: Pick<DeliveryReports, 'recordAll'>;
  readonly isGenuine: ProofCheck;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly observer: {
    readonly message: (kind: MessageKind) => void;
    readonly report: ReportObserver;
  };
  /** In milliseconds, before the mailbox is opened again; each failure in a row doubles it. */
  readonly shortestPause?: number;
}

/** What reading is like for those who watch it. */
export interface MailboxStanding {
  /** `standing-by`: another process reads, or this one is about to. */
  readonly state: 'standing-by' | 'reading' | 'failing';
  /** Since when it fails. */
  readonly since?: Date;
}

const SHORTEST_PAUSE = 1_000;
const LONGEST_PAUSE = 5 * 60_000;
/** In milliseconds of waiting for its turn: whoever waits has nothing to fail at, as another process reads. */
const STANDING_BY_AFTER = 10_000;

/**
 * Reads the mailbox that delivery status notifications come to, and records what they report. One process does at a time. What
 * is read is marked only once it is recorded: cut off in between, it is read again, and recorded as the same.
 */
export class MailboxReader {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private current: MailboxStanding = { state: 'standing-by' };

  constructor(private readonly options: MailboxReaderOptions) {}

  get standing(): MailboxStanding {
    return this.current;
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { shortestPause = SHORTEST_PAUSE } = this.options;
    let pause = shortestPause;
    while (!signal.aborted) {
      try {
        await this.takeTurn(() => {
          pause = shortestPause;
        });
      } catch (error) {
        if (signal.aborted) return;
        // To try a password again and again is how accounts get locked.
        if (error instanceof MailboxUnusable) pause = LONGEST_PAUSE;
        this.fail(error, pause);
      }
      await pauseFor(pause * (0.5 + Math.random() / 2), signal);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  private async takeTurn(onProgress: () => void): Promise<void> {
    const standingBy = setTimeout(() => {
      this.current = { state: 'standing-by' };
    }, STANDING_BY_AFTER);
    const turn = await this.options.lead(this.stopping.signal).finally(() => clearTimeout(standingBy));
    if (!turn) return;
    const over = new AbortController();
    try {
      const signal = AbortSignal.any([this.stopping.signal, turn.lost, over.signal]);
      await this.read(await this.options.open(signal), signal, onProgress);
    } catch (error) {
      // Another process reads on.
      if (!turn.lost.aborted) throw error;
    } finally {
      over.abort();
      if (this.current.state === 'reading') this.current = { state: 'standing-by' };
      await turn.release();
    }
  }

  private async read(mailbox: Mailbox, signal: AbortSignal, onProgress: () => void): Promise<void> {
    this.options.logger.info({}, 'the mailbox of reports is open');
    while (!signal.aborted) {
      await mailbox.sweep((raw) => this.deal(raw));
      this.current = { state: 'reading' };
      onProgress();
      await mailbox.waitForMail();
    }
  }

  /** @throws StreamConflict, EventStoreUnavailable: the message is still to be dealt with */
  private async deal(raw: Buffer | undefined): Promise<MessageKind> {
    const { deliveryReports, now, observer, logger } = this.options;
    const reports = raw && (await this.reportsIn(raw));
    if (reports === undefined)
      logger.warn({}, 'a message in the mailbox of reports cannot be read: it is flagged there');
    const context = { correlationId: randomUUID(), now: now().toISOString() };
    const told = await deliveryReports.recordAll(reports ?? [], context, observer.report);
    // Of other mail, whoever looks into the mailbox may want to know.
    const isOurs = told.recorded + told.unproven > 0;
    const kind = reports === undefined ? 'unreadable' : isOurs ? 'report' : 'other';
    observer.message(kind);
    return kind;
  }

  private async reportsIn(raw: Buffer): Promise<readonly DeliveryReport[] | undefined> {
    return readDsn(raw, this.options.isGenuine).catch(() => undefined);
  }

  /** No log has an address in it, which what a mail server says may have. */
  private fail(error: unknown, pause: number): void {
    const { code, name } = error as NodeJS.ErrnoException;
    const fields = { code: code ?? name, pauseSeconds: Math.round(pause / 1000) };
    this.current = this.current.state === 'failing' ? this.current : { state: 'failing', since: new Date() };
    const { logger } = this.options;
    if (error instanceof MailboxUnusable) logger.error({ ...fields, reason: error.message }, 'check IMAP_URL');
    else logger.warn(fields, 'reports in the mailbox have to wait: it is tried again');
  }
}
