import type pg from 'pg';
import type { Test } from 'tap';
import type { EventStore } from '../../../src/event-store/event-store.js';
import { openPostgresEventStore } from '../../../src/event-store/postgres.js';
import { connect, createDatabase } from '../../support/postgres.js';

/** A log of the test's own, and a connection to look at it from outside. */
export interface Log {
  readonly url: string;
  readonly store: EventStore;
  readonly admin: pg.Client;
}

export async function openLog(t: Test, options: { pollInterval?: number } = {}): Promise<Log> {
  const { url } = await createDatabase(t);
  const store = await openPostgresEventStore({ connectionString: url, ...options });
  t.teardown(() => store.close());
  return { url, store, admin: await connect(t, url) };
}

/** Appends one event in whatever transaction the client is in. Settles when the lock is free. */
export async function appendRaw(client: pg.Client, stream: string, id: string): Promise<void> {
  await client.query(
    `select event_store.append(array[$1], array[-2], array[1], array[$2::uuid], '{Raw}', '{"{}"}', '{"{}"}', '{1}', '{0}', '{}', '{}')`,
    [stream, id],
  );
}

/** Ends other connections to the log's database: all, or those of one application. */
export async function terminate(admin: pg.Client, application = '%'): Promise<number> {
  const { rowCount } = await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like $1`,
    [application],
  );
  return rowCount ?? 0;
}

/** Every event as the table has it, in the order of positions. */
export async function storedEvents(
  admin: pg.Client,
): Promise<{ position: number; stream: string; revision: number; id: string }[]> {
  const { rows } = await admin.query<{ position: number; stream: string; revision: number; id: string }>(
    'select position::int, stream, revision::int, id from event_store.events order by position',
  );
  return rows;
}

/** Whether an append waits for the transaction of another. */
export async function isWaitingForLock(admin: pg.Client): Promise<boolean> {
  const { rowCount } = await admin.query(
    `select from pg_locks where locktype = 'advisory' and not granted
     and database = (select oid from pg_database where datname = current_database())`,
  );
  return rowCount === 1;
}
