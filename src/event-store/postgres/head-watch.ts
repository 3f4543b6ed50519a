import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../logger.js';
import { pauseFor } from '../../pause-for.js';
import { Backoff } from '../backoff.js';
import { unlessAborted } from '../unless-aborted.js';
import { HEAD_CHANNEL } from './functions.js';

/** Milliseconds. */
const LONGEST_PAUSE = 5_000;
const PATIENCE = 10_000;
const GRACE = 1_000;

export interface HeadWatchOptions {
  readonly connection: pg.ClientConfig;
  readonly logger: Logger;
  /** Milliseconds. */
  readonly pollInterval: number;
}

/**
 * Knows when the log grows: from a connection of its own that is told of every append, and that asks now and then. The
 * asking finds what a notification did not bring, and that the connection is dead. It begins with the first waiter and
 * connects again for ever.
 */
export class HeadWatch {
  #head = 0;
  readonly #waiting = new Set<{ readonly position: number; readonly wake: () => void }>();
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(private readonly options: HeadWatchOptions) {}

  /**
   * Waits until the log has probably grown beyond the position: after a while without a connection, it is worth looking.
   * Ends early with `signal`.
   */
  beyond(position: number, signal: AbortSignal): Promise<void> {
    this.#running ??= this.#run();
    if (this.#head > position || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = {
        position,
        wake: () => {
          signal.removeEventListener('abort', waiter.wake);
          this.#waiting.delete(waiter);
          resolve();
        },
      };
      signal.addEventListener('abort', waiter.wake);
      this.#waiting.add(waiter);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const backoff = new Backoff(LONGEST_PAUSE);
    while (!signal.aborted) {
      try {
        await this.#listen(() => backoff.reset());
      } catch (error) {
        if (signal.aborted) return;
        this.options.logger.warn({ err: error }, 'the event store is not told of appends; connecting again');
        this.#wake(() => true);
        await backoff.pause({ signal });
      }
    }
  }

  /** Rejects when the connection is lost or the watch is closed. */
  async #listen(onConnected: () => void): Promise<void> {
    const socket = new Socket();
    const client = new pg.Client({
      ...this.options.connection,
      application_name: 'event store: head of the log',
      connectionTimeoutMillis: PATIENCE,
      query_timeout: PATIENCE,
      stream: () => socket,
    });
    const over = new AbortController();
    const end = () => over.abort();
    client.on('error', end);
    client.on('end', end);
    client.on('notification', ({ payload }) => this.#reached(Math.max(this.#head, Number(payload))));
    this.#closing.signal.addEventListener('abort', end);
    try {
      await unlessAborted(client.connect(), over.signal);
      await client.query(`listen ${HEAD_CHANNEL}`);
      for (;;) {
        const { rows } = await client.query<{ head: string }>(
          'select coalesce(max(position), 0)::text as head from event_store.events',
        );
        this.#reached(Number(rows[0]?.head));
        onConnected();
        await delay(this.options.pollInterval, undefined, { signal: over.signal });
      }
    } finally {
      this.#closing.signal.removeEventListener('abort', end);
      await farewell(client, socket);
    }
  }

  #reached(head: number): void {
    this.#head = head;
    this.#wake(({ position }) => position < head);
  }

  #wake(which: (waiter: { readonly position: number }) => boolean): void {
    for (const waiter of [...this.#waiting]) if (which(waiter)) waiter.wake();
  }
}

/** Ends the connection politely, and after a moment for certain: the server may not answer. */
async function farewell(client: pg.Client, socket: Socket): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  client.end().then(end, end);
  await pauseFor(GRACE, ended.signal);
  socket.destroy();
}
