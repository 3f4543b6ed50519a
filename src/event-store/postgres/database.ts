import type pg from 'pg';
import type { Logger } from '../../logger.js';
import { logLostConnections } from '../../lost-connections.js';
import { EventStoreError, EventStoreUnavailable } from '../event-store.js';

/** A statement. One with a name is prepared under it, once by each connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** A row as Postgres writes it: the text of each column. */
export type Row = readonly (string | null)[];

/** Milliseconds after which a server that says nothing is given up. */
const PATIENCE = 30_000;

/** Values come as text and are read where they are used; the process-wide parsers may be set to anything. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** The pool that statements run on, and the account of those under way. */
export class Database {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #ignore = () => {};
  readonly #stopLogging: () => void;
  readonly #guard: (client: pg.PoolClient) => void;

  constructor(
    private readonly pool: pg.Pool,
    private readonly ownership: 'own' | 'shared',
    logger: Logger,
  ) {
    // An error event that nobody listens to ends the process: connections report their loss so, in use or idle.
    this.#stopLogging = logLostConnections(pool, logger, 'an idle connection of the event store was lost');
    this.#guard = (client) => client.on('error', this.#ignore);
    pool.on('connect', this.#guard);
  }

  /** What another connection to the same database needs. */
  get connection(): pg.ClientConfig {
    const { options } = this.pool;
    // The pool hides the password from enumeration.
    return { ...options, ...(options.password !== undefined && { password: options.password }) };
  }

  /** @throws EventStoreUnavailable whatever went wrong; whether the statement took effect is unknown */
  run(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    const query: pg.QueryArrayConfig & { query_timeout: number } = {
      ...statement,
      values: [...values],
      rowMode: 'array',
      types: AS_TEXT,
      query_timeout: PATIENCE,
    };
    return this.#track(this.pool.query<(string | null)[]>(query).then(takeRows));
  }

  /** Runs what needs one connection for several statements. @throws EventStoreUnavailable, and the store's other errors */
  withClient<T>(action: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.#track(
      this.pool.connect().then(async (client) => {
        try {
          const result = await action(client);
          client.release();
          return result;
        } catch (error) {
          client.release(true);
          throw error;
        }
      }),
    );
  }

  /** Lets what is under way finish. A shared pool stays open. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    if (this.ownership === 'own') return this.pool.end();
    this.#stopLogging();
    this.pool.off('connect', this.#guard);
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } catch (error) {
      throw error instanceof EventStoreError ? error : unavailable(error);
    } finally {
      this.#underWay.delete(work);
    }
  }
}

/**
 * Takes the rows out of a result. What a connection leaves behind is reachable, once it has grown old, from what it left before, and keeps
 * alive all that it refers to until the old objects are swept: with the rows among it, the sweeping of young objects copied each twice
 * and took two fifths of the time of reading.
 */
function takeRows(result: { rows: Row[] }): Row[] {
  const { rows } = result;
  result.rows = [];
  return rows;
}

export function unavailable(cause: unknown): EventStoreUnavailable {
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new EventStoreUnavailable(`Postgres: ${why}`, { cause });
}
