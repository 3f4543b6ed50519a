import type pg from 'pg';

import type { Logger } from './logger.js';

/**
 * Logs that idle connections of a pool were lost: an error event that nobody listens to ends the process. Once the pool is being ended it
 * says nothing, since a Postgres that stops with the process ends connections that are about to end anyway.
 *
 * @returns what makes it stop
 */
export function logLostConnections(pool: pg.Pool, logger: Logger, message: string, fields: object = {}): () => void {
  const log = (error: Error & { client?: unknown }) => {
    // The pool puts the connection on the error, with the statements it has prepared and the key that cancels them.
    delete error.client;
    if (!pool.ending) logger.warn({ err: error, ...fields }, message);
  };
  pool.on('error', log);
  return () => pool.off('error', log);
}
