import pg from 'pg';

import { prepareClient } from '../database/prepare-client.js';

/**
 * One leader at a time, by a session-level advisory lock: it is free again the moment its holder's connection ends,
 * however that came about, and those who wait in line take over without a timer.
 */
export interface Leadership {
  /** Aborts when the connection that holds the lock is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Waits for its turn to lead.
 *
 * @returns undefined when `signal` aborts first
 * @throws when the database cannot be reached
 */
export async function waitToLead(
  connectionString: string,
  name: string,
  signal: AbortSignal,
): Promise<Leadership | undefined> {
  const lost = new AbortController();
  const client = new pg.Client({ connectionString, application_name: `leader of ${name}`, keepAlive: true });
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  const leads = await prepareClient(client, signal, () =>
    client.query('select pg_advisory_lock(hashtextextended($1, 1))', [name]),
  );
  if (!leads) return undefined;
  return {
    lost: lost.signal,
    release: () => client.end().catch(() => {}),
  };
}
