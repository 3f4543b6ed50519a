import type { Kysely } from 'kysely';

import { KeptConnection } from '../database/connection.js';
import type { Position } from '../event-store/event-store.js';
import type { Logger } from '../logger.js';
import { CHECKPOINT_CHANNEL, readCheckpoint } from './checkpoint.js';

/** How often those who wait look for themselves, in milliseconds: a notification can be lost with its connection. */
const POLL_INTERVAL = 1_000;

interface Waiter {
  readonly position: string;
  readonly wake: () => void;
}

/** How far the projections are, known in every instance, whichever of them leads. Lets a reader wait for its own writes. */
export class ProjectionPositions {
  private readonly known = new Map<string, string>();
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readonly connection: KeptConnection;

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: reads checkpoints only
    private readonly db: Kysely<any>,
    connectionString: string,
    logger: Logger,
  ) {
    this.connection = new KeptConnection({
      connectionString,
      name: 'projection positions',
      logger,
      onConnect: async (client) => void (await client.query(`listen ${CHECKPOINT_CHANNEL}`)),
      onNotification: (_channel, payload) => {
        const [name = '', position = ''] = payload.split(' ');
        this.learn(name, position);
      },
    });
  }

  async open(): Promise<this> {
    await this.connection.open();
    return this;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /**
   * Waits until a projection has reached a position.
   *
   * @param timeout in milliseconds
   * @returns whether it has
   */
  async wait(projection: string, position: Position | string, timeout: number): Promise<boolean> {
    if (this.reached(projection, position)) return true;
    const giveUpAt = Date.now() + timeout;
    for (;;) {
      // Listening before looking: what happens in between is not missed.
      const left = giveUpAt - Date.now();
      const told = this.untilTold(projection, position, Math.max(0, Math.min(POLL_INTERVAL, left)));
      const checkpoint = await readCheckpoint(this.db, projection);
      if (checkpoint) this.learn(projection, checkpoint.position);
      if (this.reached(projection, position) || (await told)) return true;
      if (Date.now() >= giveUpAt) return false;
    }
  }

  private reached(projection: string, position: string): boolean {
    return (this.known.get(projection) ?? '') >= position;
  }

  private learn(projection: string, position: string): void {
    if (this.reached(projection, position)) return;
    this.known.set(projection, position);
    for (const waiter of this.waiters.get(projection) ?? []) if (position >= waiter.position) waiter.wake();
  }

  private untilTold(projection: string, position: string, timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting = this.waiters.get(projection) ?? new Set();
      this.waiters.set(projection, waiting);
      const settle = (told: boolean) => {
        clearTimeout(timer);
        waiting.delete(waiter);
        resolve(told);
      };
      const waiter: Waiter = { position, wake: () => settle(true) };
      const timer = setTimeout(() => settle(false), timeout);
      waiting.add(waiter);
    });
  }
}
