import { createPool } from '../../src/database/pool.js';
import { openEventStore } from '../../src/event-store/open.js';
import { PROJECTIONS } from '../../src/projections.js';
import { silent as logger } from '../support/silent-logger.js';
import { measureAudit } from './audit.js';
import { measureHistory } from './history.js';
import { measureMeanwhile } from './meanwhile.js';
import { eventsOf, writeStories } from './million-events.js';
import { run } from './rebuild-processes.js';
import { foundWorkspace, type Owner, type Setting, startService } from './setting.js';
import { type Figure, round } from './table.js';

const PEOPLE = 100_000;
const EVENTS = eventsOf(PEOPLE);
const MEMORY = 400;

/** How often each is rebuilt: what the machine does by itself makes a tenth of difference between two runs of the same. */
const ROUNDS = 2;

/**
 * Rebuilds of a log of a million events against reading it, and what those who invite notice of one. The limit on EventStoreDB is how fast
 * its official client reads, which our own reading is no measure of: the faster it were, the worse a rebuild by it would seem.
 */
export async function measureRebuild(setting: Setting, store: string): Promise<Figure[]> {
  const service = await startService(setting);
  const owner = await foundWorkspace(service, setting.trap);
  await inviteSome(owner, 200);
  await service.stop();
  await writeLog(setting);
  // The first notes in the log what later ones find noted, and takes a half longer.
  await run(setting, 'read');
  const figures: Figure[] = [];
  let before = await readAll(setting, store);
  for (const { name } of PROJECTIONS) {
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) {
      // What is live has seen nothing of these events: from the first on it is what was rebuilt.
      const { phases, memory } = await run(setting, 'rebuild', name, '--switch');
      const after = await readAll(setting, store);
      rounds.push({ reading: 0, indexing: 0, comparing: 0, switching: 0, ...phases, memory, reads: [before, after] });
      before = after;
    }
    figures.push(rateOf(name, store, rounds));
  }
  figures.push(...(await measureHistory(setting, PEOPLE)));
  figures.push(...(await measureAudit(setting, owner.workspaceId)));
  figures.push(...(await measureMeanwhile(setting, owner, store)));
  return figures;
}

/** What reading the log with no handler took, in seconds. */
interface Reads {
  readonly own: number;
  /** By the official client, of EventStoreDB. */
  readonly client: number | undefined;
}

/** A rebuild, in seconds and MB, with the reading before and after it. */
interface Round extends Record<'reading' | 'indexing' | 'comparing' | 'switching' | 'memory', number> {
  readonly reads: readonly [Reads, Reads];
}

function rateOf(name: string, store: string, rounds: readonly Round[]): Figure {
  const share = store === 'Postgres' ? 0.4 : 0.7;
  const mean = (figure: (round: Round) => number) =>
    rounds.reduce((sum, each) => sum + figure(each), 0) / rounds.length;
  const reading = mean((each) => each.reading);
  const indexing = mean((each) => each.indexing);
  const rate = EVENTS / (reading + indexing);
  const own = EVENTS / mean(({ reads: [before, after] }) => (before.own + after.own) / 2);
  const byClient = mean(({ reads: [before, after] }) => ((before.client ?? 0) + (after.client ?? 0)) / 2);
  const client = byClient > 0 ? EVENTS / byClient : undefined;
  const memory = Math.max(...rounds.map((each) => each.memory));
  const { comparing = 0, switching = 0 } = rounds.at(-1) ?? {};
  return {
    what: `rebuild of ${name}, ${round(EVENTS)} events, ${store}`,
    value:
      `${round(rate)}/s, ${round(rate / own, 2)} of reading at ${round(own)}/s` +
      `${client ? `, ${round(rate / client, 2)} of the client's reading at ${round(client)}/s` : ''}; ` +
      `${round(memory)} MB; read, folded and written ` +
      `in ${round(reading, 1)} s, indexed in ${round(indexing, 1)} s; compared with the same in ${round(comparing, 1)} s, ` +
      `switched in ${round(switching, 1)} s`,
    limit: `≥ ${share} of ${client ? "the client's " : ''}reading until it can be compared; < ${MEMORY} MB`,
    holds: rate >= share * (client ?? own) && memory < MEMORY,
  };
}

/** The log with no handler, in seconds; by turns with rebuilds, so that what the machine does by itself is in both. */
async function readAll(setting: Setting, store: string): Promise<Reads> {
  const own = (await run(setting, 'read')).seconds;
  return { own, client: store === 'Postgres' ? undefined : (await run(setting, 'read-by-client')).seconds };
}

/** Gives a workspace a history of more than a page. */
async function inviteSome({ client, accessToken, workspaceId }: Owner, people: number): Promise<void> {
  const recipients = Array.from({ length: people }, (_, index) => ({ email: `some${index}@example.com` }));
  await client.request('POST', `/v1/workspaces/${workspaceId}/invitations/batch`, {
    accessToken,
    body: { recipients },
  });
}

/** Fills the log, of which neither projections nor the reactor are to make anything by themselves. */
async function writeLog({ databaseUrl, env }: Setting): Promise<void> {
  const pool = createPool({ connectionString: databaseUrl, name: 'bench', logger });
  const store = await openEventStore(String(env['EVENT_STORE']), { pool, logger });
  try {
    await writeStories(store, PEOPLE);
    await pool.query('update following.checkpoints set position = $1', [await store.head()]);
  } finally {
    await store.close();
    await pool.end();
  }
}
