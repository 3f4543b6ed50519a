/**
 * A process that rebuilds the users tab and switches, or goes on with what an earlier one left; `kill.test.ts` kills it.
 * Its arguments are the database's connection string. Prints a line when it begins to build and when it is done.
 */
import { PROJECTIONS } from '../../src/core.js';
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { openEventStore } from '../../src/event-store/open.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import { silent } from '../support/silent-logger.js';
import { FORGETFUL, patient } from './support.js';

const connectionString = process.argv[2] ?? '';
const pool = createPool({ connectionString, name: 'rebuilder', logger: silent, waitForDisk: false });
const store = await openEventStore('postgres', { pool, logger: silent });
const operations = new ProjectionOperations({
  db: createDatabase(pool),
  store,
  connectionString,
  projections: PROJECTIONS,
  pieceSize: 20,
  limits: FORGETFUL,
});
process.stdout.write('building\n');
const { state } = await operations.rebuild('users-tab', { ...patient, switch: true });
process.stdout.write(`${state}\n`);
await store.close();
await pool.end();
