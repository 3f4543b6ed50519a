/**
 * Has another process rebuild the numbered projection, which waits at a gate, and interrupts it on SIGTERM; `building-processes.test.ts` ends
 * it. Its arguments are the database's connection string and the gate's folder. Prints what came of it.
 */
import { runInProcess } from '../../src/rebuilding/run-in-process.js';
import { silent as logger } from '../support/silent-logger.js';
import type { NumberedSettings } from './numbered-process.js';

const [, , connectionString = '', gate = ''] = process.argv;
const settings: NumberedSettings = { connectionString, trouble: { number: 150, what: 'waits', gate } };
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
const outcome = await runInProcess({
  module: new URL('./numbered-process.js', import.meta.url),
  data: { work: { operation: 'rebuild', projection: 'numbered', request: {} }, settings },
  memory: 256,
  logger,
  signal: stopping.signal,
  onProgress: () => {},
});
process.stdout.write(JSON.stringify(outcome));
