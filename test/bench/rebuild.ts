import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { createPool } from '../../src/database/pool.js';
import { Client } from '../../src/demo/client.js';
import { openEventStore } from '../../src/event-store/open.js';
import { PROJECTIONS } from '../../src/projections.js';
import type { Work } from '../../src/rebuilding/background-work.js';
import type { Comparison } from '../../src/rebuilding/compare.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { signOperatorToken } from '../../src/tokens/operator-token.js';
import { silent as logger } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { measureAudit } from './audit.js';
import { measureHistory } from './history.js';
import { eventsOf, writeStories } from './million-events.js';
import type { Running } from './processes.js';
import type { Took } from './rebuild-process.js';
import { foundWorkspace, type Owner, type Setting, startService } from './setting.js';
import { type Figure, round } from './table.js';

const PEOPLE = 100_000;
const EVENTS = eventsOf(PEOPLE);
const MEMORY = 400;
/** What people do meanwhile: invitations a second. */
const RATE = 100;
const SECONDS = 15;
/** More than any rebuild takes, in seconds. */
const LONGEST = 1_200;

const PROCESS = fileURLToPath(new URL('./rebuild-process.js', import.meta.url));

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
  const own = EVENTS / (await run(setting, 'read')).seconds;
  const client = store === 'Postgres' ? undefined : EVENTS / (await run(setting, 'read-by-client')).seconds;
  const bare = client ?? own;
  const figures: Figure[] = [];
  for (const { name } of PROJECTIONS) {
    // What is live has seen nothing of these events: from here on it is what was rebuilt.
    const { phases, memory } = await run(setting, 'rebuild', name, '--switch');
    const { reading = 0, indexing = 0, comparing = 0, switching = 0 } = phases ?? {};
    const rate = EVENTS / (reading + indexing);
    figures.push({
      what: `rebuild of ${name}, ${round(EVENTS)} events, ${store}`,
      value:
        `${round(rate)}/s, ${round(rate / own, 2)} of reading at ${round(own)}/s` +
        `${client ? `, ${round(rate / client, 2)} of the client's reading at ${round(client)}/s` : ''}; ` +
        `${round(memory)} MB; read, folded and written ` +
        `in ${round(reading, 1)} s, indexed in ${round(indexing, 1)} s; compared with empty tables in ${round(comparing, 1)} s, ` +
        `switched in ${round(switching, 1)} s`,
      limit: `≥ ${share} of ${client ? "the client's " : ''}reading until it can be compared; < ${MEMORY} MB`,
      holds: rate >= share * bare && memory < MEMORY,
    });
  }
  figures.push(...(await measureHistory(setting, PEOPLE)));
  figures.push(...(await measureAudit(setting, owner.workspaceId)));
  figures.push(...(await measureUnderLoad(setting, owner, store)));
  return figures;
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

/** A rebuild of the users tab, however it is done. */
interface Rebuilt {
  readonly equal: boolean;
  /** Until it was over, comparing included. */
  readonly seconds: number;
}

async function measureUnderLoad(setting: Setting, owner: Owner, store: string): Promise<Figure[]> {
  const service = await startService(setting, { ROLES: 'api,projector' });
  const ways: [by: string, rebuild: () => Promise<Rebuilt>][] = [
    ["by the operator's tool", () => rebuildByTool(setting)],
    ['by the service itself', () => rebuildByService(setting, service)],
  ];
  try {
    await invite(service.url, owner, 5);
    const without = await invite(service.url, owner, SECONDS);
    const figures: Figure[] = [];
    for (const [by, rebuild] of ways) {
      const rebuilding = rebuild();
      const during = await invite(service.url, owner, rebuilding);
      const { seconds, equal } = await rebuilding;
      figures.push({
        what: `invitations at ${RATE}/s while users-tab is rebuilt and compared ${by}, ${store}`,
        value:
          `p99 ${round(during)} ms, ${round(without)} ms otherwise; rebuilt and compared in ${round(seconds)} s; ` +
          `${equal ? 'equal' : 'different'}`,
        limit: '≤ 2 × that without; equal',
        holds: during <= 2 * without && equal,
      });
    }
    return figures;
  } finally {
    await service.stop();
  }
}

async function rebuildByTool(setting: Setting): Promise<Rebuilt> {
  const { seconds, equal } = await run(setting, 'rebuild', 'users-tab');
  return { seconds, equal: equal === true };
}

/** In a thread of the process that answers requests, as an operator asks for it over HTTP. */
async function rebuildByService({ env }: Setting, { url }: Running): Promise<Rebuilt> {
  const client = new Client(url);
  const inAnHour = new Date(Date.now() + 3_600_000);
  const accessToken = signOperatorToken(parseTokenKeys(String(env['TOKEN_KEYS'])), 'bench', inAnHour);
  const path = '/v1/operations/projections/users-tab';
  const startedAt = performance.now();
  await client.request('POST', `${path}/rebuild`, { accessToken, body: { restart: true } });
  const { result } = await until(
    async () => {
      await delay(500);
      const { body } = await client.request<{ work: Work }>('GET', path, { accessToken });
      return body.work.state === 'running' ? undefined : body.work;
    },
    'the rebuild is over',
    LONGEST * 1_000,
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return { seconds, equal: (result as { comparison?: Comparison } | null)?.comparison?.equal === true };
}

let person = 0;

/**
 * @param until how many seconds, or what it ends with
 * @returns the 99th percentile of an invitation, in milliseconds
 */
async function invite(
  url: string,
  { accessToken, workspaceId }: Owner,
  until: number | Promise<unknown>,
): Promise<number> {
  const { latency, non2xx, errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(
      {
        url: `${url}/v1/workspaces/${workspaceId}/invitations`,
        connections: 8,
        overallRate: RATE,
        duration: typeof until === 'number' ? until : LONGEST,
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        requests: [
          {
            setupRequest: (request) => ({
              ...request,
              body: JSON.stringify({ email: `meanwhile${person++}@example.com`, role: 'developer' }),
            }),
          },
        ],
      },
      (error: unknown, result) => (error ? reject(error) : resolve(result)),
    );
    const stop = () => load.stop();
    if (typeof until !== 'number') until.then(stop, stop);
  });
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} refused, ${errors} failed`);
  return latency.p99;
}

async function run({ env }: Setting, ...args: string[]): Promise<Took> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return JSON.parse(stdout) as Took;
}
