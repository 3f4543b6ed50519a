import pg from 'pg';
import type { Logger } from '../logger.js';
import { pauseFor } from '../pause-for.js';
import { prepareClient } from './prepare-client.js';

export interface KeptConnectionOptions {
  readonly connectionString: string;
  readonly name: string;
  readonly logger: Logger;
  /** Runs on every new connection: what has to be there as long as the connection is (locks, LISTEN). */
  readonly onConnect: (client: pg.Client) => Promise<void>;
  readonly onNotification?: (channel: string, payload: string) => void;
}

/** A connection of its own for what lives and dies with a session. It is made again for as long as it is kept. */
export class KeptConnection {
  private readonly closing = new AbortController();
  private client: pg.Client | undefined;
  private loop: Promise<void> | undefined;

  constructor(private readonly options: KeptConnectionOptions) {}

  /** Resolves once the connection stands for the first time. @throws when it cannot be made at all */
  async open(): Promise<this> {
    const connected = await this.connect();
    if (connected) this.loop = this.keep(connected.lost);
    return this;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.client?.end().catch(() => {});
    await this.loop;
  }

  /** Runs a statement on the connection as it stands now; a connection that is being made again takes it with it. */
  async query(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
    if (!this.client) throw new Error('the connection is being made again');
    return this.client.query(text, values);
  }

  /** @returns undefined when it was closed meanwhile */
  private async connect(): Promise<{ readonly lost: Promise<void> } | undefined> {
    const { connectionString, name, onConnect, onNotification } = this.options;
    const client = new pg.Client({ connectionString, application_name: name, keepAlive: true });
    const lost = new Promise<void>((resolve) => {
      client.once('error', () => resolve());
      client.once('end', () => resolve());
    });
    client.on('error', () => {});
    client.on('notification', ({ channel, payload = '' }) => onNotification?.(channel, payload));
    if (!(await prepareClient(client, this.closing.signal, onConnect))) return undefined;
    this.client = client;
    return { lost };
  }

  private async keep(lost: Promise<void>): Promise<void> {
    const { logger, name } = this.options;
    const { signal } = this.closing;
    let gone = lost;
    for (;;) {
      await gone;
      this.client = undefined;
      if (signal.aborted) return;
      logger.warn({ connection: name }, 'a database connection was lost; making it again');
      const again = await this.reconnect();
      if (!again) return;
      gone = again.lost;
    }
  }

  private async reconnect(): Promise<{ readonly lost: Promise<void> } | undefined> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        return await this.connect();
      } catch {
        await pauseFor(200 + Math.random() * 300, signal);
      }
    }
    return undefined;
  }
}
