import { EventStoreDBClient, START as FROM_START } from '@eventstore/db-client';

import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { START } from '../../src/event-store/event-store.js';
import { parsePosition } from '../../src/event-store/eventstoredb/position.js';
import { openEventStore } from '../../src/event-store/open.js';
import { PROJECTIONS } from '../../src/projections.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import type { Phase } from '../../src/rebuilding/standing.js';
import { silent as logger } from '../support/silent-logger.js';

/** What the process measured. */
export interface Took {
  readonly seconds: number;
  /** Of the whole process at its largest, in MB. */
  readonly memory: number;
  /** Seconds of each phase of a rebuild. */
  readonly phases?: Readonly<Partial<Record<Phase, number>>>;
  /** Whether the rebuilt tables equal the live ones. */
  readonly equal?: boolean;
}

const connectionString = String(process.env['DATABASE_URL']);
const [what, name = '', how] = process.argv.slice(2);
// As the operator's tool does.
const givesWay = what === 'rebuild';
const pool = createPool({ connectionString, name: 'bench', logger, waitForDisk: false, givesWay });
const logPool = createPool({ connectionString, name: 'bench log', logger, max: 4, givesWay });
const store = await openEventStore(String(process.env['EVENT_STORE']), { pool: logPool, logger });
const { signal } = new AbortController();

/** What a rebuild is at, and since when. */
let phase: Phase = 'reading';
let since = performance.now();
const phases: Partial<Record<Phase, number>> = {};

function enter(next: Phase | null): void {
  const now = performance.now();
  phases[phase] = (phases[phase] ?? 0) + (now - since) / 1_000;
  phase = next ?? phase;
  since = now;
}

const startedAt = performance.now();
const equal = what === 'rebuild' ? await rebuild() : await (what === 'read' ? read() : readByClient());
const took: Took = {
  seconds: (performance.now() - startedAt) / 1_000,
  memory: process.resourceUsage().maxRSS / 1_024,
  ...(equal === undefined ? {} : { equal, phases }),
};
process.stdout.write(JSON.stringify(took));
await store.close();
await logPool.end();
await pool.end();

async function read(): Promise<undefined> {
  const streamPrefixes = [...new Set(PROJECTIONS.flatMap((projection) => [...projection.streamPrefixes]))];
  for await (const { caughtUp } of store.subscribe({ after: START, streamPrefixes, signal })) if (caughtUp) return;
}

/** A catch-up subscription to all there is. */
async function readByClient(): Promise<undefined> {
  const head = parsePosition(await store.head());
  if (head === 'start') return;
  const client = EventStoreDBClient.connectionString(String(process.env['EVENT_STORE']));
  for await (const { event } of client.subscribeToAll({ fromPosition: FROM_START })) {
    if (event && event.position.commit >= BigInt(head.commit)) break;
  }
  await client.dispose();
}

async function rebuild(): Promise<boolean> {
  const operations = new ProjectionOperations({
    db: createDatabase(pool),
    connectionString,
    store,
    projections: PROJECTIONS,
  });
  const switches = how === '--switch';
  const outcome = await operations.rebuild(name, {
    signal,
    restart: true,
    switch: switches,
    switchOnDifference: switches,
    onProgress: (progress) => enter(progress.phase),
  });
  enter(null);
  if (outcome.state === 'interrupted') throw new Error('the rebuild was interrupted');
  if (switches) await operations.drop(name, 'previous', { signal });
  return outcome.comparison.equal;
}
