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
  const share = store === 'Postgres' ? 0.4 : 0.7;
  // The first notes in the log what later ones find noted, and takes a half longer.
  await run(setting, 'read');
  const figures: Figure[] = [];
  let before = await readAll(setting, store);
  for (const { name } of PROJECTIONS) {
    // What is live has seen nothing of these events: from here on it is what was rebuilt.
    const { phases, memory } = await run(setting, 'rebuild', name, '--switch');
    const { reading = 0, indexing = 0, comparing = 0, switching = 0 } = phases ?? {};
    const rate = EVENTS / (reading + indexing);
    const after = await readAll(setting, store);
    const own = EVENTS / ((before.own + after.own) / 2);
    const client = before.client && after.client && EVENTS / ((before.client + after.client) / 2);
    before = after;
    figures.push({
      what: `rebuild of ${name}, ${round(EVENTS)} events, ${store}`,
      value:
        `${round(rate)}/s, ${round(rate / own, 2)} of reading at ${round(own)}/s` +
        `${client ? `, ${round(rate / client, 2)} of the client's reading at ${round(client)}/s` : ''}; ` +
        `${round(memory)} MB; read, folded and written ` +
        `in ${round(reading, 1)} s, indexed in ${round(indexing, 1)} s; compared with empty tables in ${round(comparing, 1)} s, ` +
        `switched in ${round(switching, 1)} s`,
      limit: `≥ ${share} of ${client ? "the client's " : ''}reading until it can be compared; < ${MEMORY} MB`,
      holds: rate >= share * (client ?? own) && memory < MEMORY,
    });
  }
  figures.push(...(await measureHistory(setting, PEOPLE)));
  figures.push(...(await measureAudit(setting, owner.workspaceId)));
  figures.push(...(await measureMeanwhile(setting, owner, store)));
  return figures;
}

/** The log with no handler, in seconds; by turns with rebuilds, so that what the machine does by itself is in both. */
async function readAll(setting: Setting, store: string): Promise<{ own: number; client: number | undefined }> {
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
