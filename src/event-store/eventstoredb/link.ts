import type { Logger } from '../../logger.js';
import { Backoff } from '../backoff.js';
import { EventStoreError, EventStoreUnavailable } from '../event-store.js';
import { Connection } from './connection.js';
import { describe, remedyFor, Unanswered } from './failures.js';

export interface LinkOptions {
  readonly connectionString: string;
  readonly logger: Logger;
  /** Milliseconds within which every call is answered, failed for good, or at least still delivering. */
  readonly timeout: number;
}

/** Milliseconds; short beside the time that a cluster takes to find a new leader. */
const LONGEST_PAUSE = 500;

/** The way to the server: one connection at a time, a new one after anything went wrong with it. */
export class Link {
  #connection: Connection | undefined;
  #closed = false;
  /** Said once when it begins, and once when it ends. */
  #isLost = false;

  /** @throws TypeError when the connection string cannot be read; it is not told, for it may hold a password */
  constructor(private readonly options: LinkOptions) {
    try {
      this.#connection = new Connection(options.connectionString);
    } catch {
      throw new TypeError('this is no connection string for EventStoreDB, or a file that it names is not there');
    }
  }

  /**
   * Makes a call that may be made twice, again and again while the server cannot answer it and time is left.
   *
   * @param what of the call, for the message of the error
   * @param call says `alive()` whenever something of its answer arrives: only silence counts as no answer
   * @param giveUpAt by the clock of `Date.now()`; earlier than usual where the caller had to wait before this
   * @throws EventStoreUnavailable when time is up or trying again would not help
   * @throws EventStoreError as `call` does
   */
  async attempt<T>(
    what: string,
    call: (connection: Connection, alive: () => void) => Promise<T>,
    giveUpAt = this.deadline(),
  ): Promise<T> {
    const backoff = new Backoff(LONGEST_PAUSE);
    let reason: unknown = new Error('no time was left after waiting for others');
    for (;;) {
      const connection = this.connection(what);
      const patience = giveUpAt - Date.now();
      try {
        if (patience > 0) {
          const answer = await within(patience, (alive) => call(connection, alive));
          this.#found();
          return answer;
        }
      } catch (error) {
        const remedy = remedyFor(error);
        if (remedy === 'report' && error instanceof EventStoreError) throw error;
        // A call whose time was mostly spent before it was made proves nothing when the rest of it brings no answer.
        const isProof = !(error instanceof Unanswered) || patience > this.options.timeout / 2;
        if (isProof) reason = error;
        if (isProof && remedy === 'reconnect') this.drop(connection, error);
        if (remedy !== 'report' && (await backoff.pause({ until: giveUpAt }))) continue;
      }
      throw new EventStoreUnavailable(`${what}: ${describe(reason)}`, { cause: reason });
    }
  }

  /** When a call that is made now is given up, by the clock of `Date.now()`. */
  deadline(): number {
    return Date.now() + this.options.timeout;
  }

  /** The present connection. @throws EventStoreUnavailable after `close` */
  connection(what: string): Connection {
    if (this.#closed) throw new EventStoreUnavailable(`${what}: the store is closed`);
    this.#connection ??= new Connection(this.options.connectionString);
    return this.#connection;
  }

  /** Gives up a connection that failed, and with it every call that is still open on it. */
  drop(connection: Connection, reason: unknown): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    connection.close();
    if (!this.#isLost) this.options.logger.warn({ reason: describe(reason) }, 'EventStoreDB is lost');
    this.#isLost = true;
  }

  #found(): void {
    if (this.#isLost) this.options.logger.info({}, 'EventStoreDB answers again');
    this.#isLost = false;
  }

  close(): void {
    this.#closed = true;
    this.#connection?.close();
    this.#connection = undefined;
  }
}

/** Rejects with `Unanswered` when a call neither settles nor says that it is alive for that many milliseconds. */
async function within<T>(milliseconds: number, call: (alive: () => void) => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unanswered(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([call(() => timer?.refresh()), silence]);
  } finally {
    clearTimeout(timer);
  }
}
