import type pg from 'pg';

import { until } from './until.js';

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
