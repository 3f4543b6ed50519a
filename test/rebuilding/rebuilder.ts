/**
 * A process that rebuilds a projection and switches, or goes on with what an earlier one left; `kill.test.ts` kills it. Its
 * arguments are the database's connection string and the projection's name. Prints each phase as it begins, and what came of it.
 */

import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { openEventStore } from '../../src/event-store/open.js';
import { PROJECTIONS } from '../../src/projections.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import type { Progress } from '../../src/rebuilding/standing.js';
import { silent } from '../support/silent-logger.js';
import { FORGETFUL, patient } from './support.js';

const [, , connectionString = '', name = ''] = process.argv;
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
let phase: Progress['phase'] = null;
const onProgress = (progress: Progress) => {
  if (progress.phase !== phase) process.stdout.write(`${progress.phase}\n`);
  phase = progress.phase;
};
process.stdout.write('begun\n');
const { state } = await operations.rebuild(name, { ...patient, switch: true, onProgress });
process.stdout.write(`${state}\n`);
await store.close();
await pool.end();
