import { sql } from 'kysely';
import type pg from 'pg';

import type { Projection } from '../../src/projecting/projection.js';
import { until } from '../support/until.js';
import { numbered } from './numbered.js';

const GATE = 4_711;

/** What shuts the gate, as long as its transaction is open. */
export const SHUT_GATE = `select pg_advisory_xact_lock(${GATE})`;

/**
 * The numbered projection with two more indexes. The last one that is made stays at the row of a stream as long as somebody shuts
 * the gate.
 */
export function gated(stream: string): Projection {
  return {
    ...numbered(),
    async createTables(tx) {
      await numbered().createTables(tx);
      await sql`
        create function numbered.gated(value text) returns text immutable language plpgsql as $$
        begin
          if value = ${sql.lit(`tested-${stream}`)} then
            perform pg_advisory_xact_lock_shared(${sql.lit(GATE)});
          end if;
          return value;
        end $$`.execute(tx);
      await sql`create index streams_events on numbered.streams (events)`.execute(tx);
      await sql`create index streams_gated on numbered.streams (numbered.gated(stream))`.execute(tx);
    },
  };
}

/** Does something while the locks that a statement takes are held. */
export async function holding<T>(pool: pg.Pool, statement: string, action: () => Promise<T>): Promise<T> {
  const holder = await pool.connect();
  try {
    await holder.query('begin');
    await holder.query(statement);
    return await action();
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}

/**
 * Waits until a statement waits for a lock.
 *
 * @param statement a regular expression of Postgres, in which case does not matter, for its first 1,024 characters
 */
export async function untilHeld(pool: pg.Pool, statement: string): Promise<void> {
  await until(async () => {
    const { rows } = await pool.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ~* $1`,
      [statement],
    );
    return rows.length > 0;
  }, `${statement} waits for a lock`);
}
