/**
 * A process that retries what is parked of `numbered`, and is killed in the middle of it: at a number, before the piece that
 * holds it is committed. Its arguments are the database's connection string and the number.
 */
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { openEventStore } from '../../src/event-store/open.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import { silent } from '../support/silent-logger.js';
import { numbered } from './numbered.js';
import { patient } from './support.js';

const [, , connectionString = '', last = ''] = process.argv;
const pool = createPool({ connectionString, name: 'retrier', logger: silent, waitForDisk: false });
const store = await openEventStore('postgres', { pool, logger: silent });
const projection = numbered({
  onEvent: (data) => {
    if ((data as { number: number }).number === Number(last)) process.kill(process.pid, 'SIGKILL');
  },
});
const operations = new ProjectionOperations({
  db: createDatabase(pool),
  store,
  connectionString,
  projections: [projection],
});
await operations.retry('numbered', { ...patient, by: 'ops@example.com', reason: 'mended in 1.4' });
