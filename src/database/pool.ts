import pg from 'pg';

import type { Logger } from '../logger.js';
import { logLostConnections } from '../lost-connections.js';
import { lowerBackend } from './lower-backend.js';
import { PoolClient } from './pool-client.js';

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/**
 * How long a connection is kept that nobody uses, in milliseconds. To make one takes a process of the server's and an authentication, 20 to 60 ms
 * of two processors that are busy; where it was made anew for what needs one more now and then, all that came meanwhile waited for it.
 */
const KEPT_IDLE = 600_000;

/** After how long without traffic the network is told that a connection is still wanted, in milliseconds: less than what firewalls wait. */
const KEEP_ALIVE_AFTER = 60_000;

/**
 * How values come back, for this service's connections only (the parsers of `pg` itself are shared by the whole
 * process): instants as ISO 8601 text, as events have them (or `infinity`), and counts as numbers.
 */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (oid === TIMESTAMPTZ) return (text: string) => (text === 'infinity' ? text : new Date(text).toISOString());
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format);
  },
};

export interface PoolOptions {
  readonly connectionString: string;
  /** Shown by Postgres in `pg_stat_activity`. */
  readonly name: string;
  readonly logger: Logger;
  /** Most connections at a time. */
  readonly max?: number;
  /**
   * False where a crash of Postgres may take the last commits with it, all of a transaction or nothing: for followers of
   * the log, who make rows and checkpoint again from there. It spares them a flush to disk for every batch.
   */
  readonly waitForDisk?: boolean;
  /**
   * True where a query is to fail instead of leaving out rows that the role may not see: the tables of the queue have row-level
   * security, by which they look empty to anybody but their owner.
   */
  readonly allRowsOrNone?: boolean;
  /** True where others are to go first: for what nobody waits for. See `lowerBackend`. */
  readonly givesWay?: boolean;
}

/** A pool whose idle connections may be lost without bringing the process down. */
export function createPool({
  connectionString,
  name,
  logger,
  max = 10,
  waitForDisk = true,
  allRowsOrNone = false,
  givesWay = false,
}: PoolOptions): pg.Pool {
  const settings = [
    // What is written goes to disk as it is, and not all at a commit: a rebuild's would hold up those of others for half a second.
    // Whoever needs a place in memory writes what stood there, whether it was his or not.
    '-c backend_flush_after=1MB',
    ...(waitForDisk ? [] : ['-c synchronous_commit=off']),
    ...(allRowsOrNone ? ['-c row_security=off'] : []),
  ];
  const pool = new pg.Pool({
    Client: PoolClient,
    connectionString,
    application_name: name,
    max,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: KEPT_IDLE,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER,
    options: settings.join(' '),
  });
  logLostConnections(pool, logger, 'an idle database connection was lost', { pool: name });
  pool.on('connect', (client) => {
    client.on('error', () => {});
    if (givesWay) void lowerBackend(client);
  });
  return pool;
}
