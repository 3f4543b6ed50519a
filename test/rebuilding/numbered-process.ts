/** What a process runs that builds the numbered projection, and at one of its events does what its settings say. */
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { openEventStore } from '../../src/event-store/open.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import { workInProcess } from '../../src/rebuilding/within-process.js';
import { numbered } from './numbered.js';
import { passGate } from './process-gate.js';

export interface NumberedSettings {
  readonly connectionString: string;
  readonly trouble?: Trouble;
}

/** What happens at the event of a number. */
export interface Trouble {
  readonly number: number;
  readonly what: 'waits' | 'cannot be projected' | 'throws where nobody catches' | 'ends the process' | 'takes memory';
  /** The folder of a `ProcessGate`, for who waits. */
  readonly gate?: string;
}

await workInProcess<NumberedSettings>(async ({ connectionString, trouble }, logger, work) => {
  const pool = createPool({ connectionString, name: 'numbered process', logger, max: 6, waitForDisk: false });
  const store = await openEventStore('postgres', { pool, logger, mustExist: true });
  try {
    logger.warn({ stream: 'tested-0', err: new RangeError('for the log') }, 'a process has begun');
    const onEvent = (data: unknown) => {
      if (trouble?.number === (data as { readonly number: number }).number) befall(trouble);
    };
    const projections = [numbered({ onEvent })];
    // Whatever has been folded is written at once.
    const limits = { commitAfter: 0 };
    const db = createDatabase(pool);
    await work(new ProjectionOperations({ db, store, connectionString, projections, pieceSize: 20, limits }));
  } finally {
    await store.close();
    await pool.end();
  }
});

function befall({ what, gate }: Trouble): void {
  if (gate) passGate(gate);
  else if (what === 'cannot be projected') throw new TypeError('there is no such number');
  else if (what === 'throws where nobody catches') {
    setImmediate(() => {
      throw new TypeError('nobody catches this');
    });
  } else if (what === 'ends the process') process.exit(3);
  else for (const hoard: unknown[] = []; ; ) hoard.push(new Array(1_000).fill({ hoard }));
}
