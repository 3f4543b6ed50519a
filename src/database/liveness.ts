import type pg from 'pg';

import type { Logger } from '../logger.js';
import { KeptConnection } from './connection.js';

/**
 * Who is alive, told by session-level advisory locks: each holder of a piece of work keeps a lock under its own name, and
 * Postgres frees it the moment the holder's connection ends. Whoever can take somebody's lock knows that they are gone:
 * no heartbeats, no leases to wait out.
 */
export class Liveness {
  private readonly names = new Set<string>();
  private readonly connection: KeptConnection;

  constructor(connectionString: string, logger: Logger) {
    this.connection = new KeptConnection({
      connectionString,
      name: 'liveness',
      logger,
      onConnect: async (client) => {
        const held = new Set<string>();
        for (const name of this.names) {
          await client.query(HOLD, [name]);
          held.add(name);
        }
        // Retracted meanwhile: there was no connection to say so on.
        for (const name of held) if (!this.names.has(name)) await client.query(LET_GO, [name]);
      },
    });
  }

  /** Announces the given names as alive from now until `close`. */
  async open(...names: string[]): Promise<this> {
    for (const name of names) this.names.add(name);
    await this.connection.open();
    return this;
  }

  /** Announces one more. */
  async announce(name: string): Promise<void> {
    this.names.add(name);
    await this.connection.query(HOLD, [name]);
  }

  /** Announces one no longer. */
  async retract(name: string): Promise<void> {
    this.names.delete(name);
    // Where the connection is being made anew, it is let go with that.
    await this.connection.query(LET_GO, [name]).catch(() => {});
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

const HOLD = 'select pg_advisory_lock(hashtextextended($1, 7))';
const LET_GO = 'select pg_advisory_unlock(hashtextextended($1, 7))';

/** Which of the given names are alive nowhere. */
export async function findDead(pool: pg.Pool, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await pool.query<{ name: string }>(
    'select name from unnest($1::text[]) name where pg_try_advisory_xact_lock(hashtextextended(name, 7))',
    [names],
  );
  return rows.map(({ name }) => name);
}
