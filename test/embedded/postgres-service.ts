/**
 * A service with a built-in Postgres, for tests to kill: `node postgres-service.js <data folder>` prints its URL once it
 * runs, or the code of the error that it met, and then stays. It ignores Ctrl-C.
 */
import { startEmbeddedPostgres } from '../../src/embedded/postgres.js';
import { silent } from '../support/silent-logger.js';

process.on('SIGINT', () => undefined);
try {
  const { url } = await startEmbeddedPostgres({ dataDirectory: process.argv[2] ?? '', logger: silent });
  process.stdout.write(`${url}\n`);
} catch (error) {
  process.stdout.write(`${error instanceof Error && 'code' in error ? error.code : error}\n`);
}
