import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { AuditHistoryQueries } from '../../projections/audit-history/queries.js';
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { silent as logger } from '../support/silent-logger.js';
import { Asker } from './asker.js';
import type { Exported } from './export-process.js';
import { operatorToken } from './lasting-tokens.js';
import { instantOfEvent, STORIES_WORKSPACE } from './million-events.js';
import { type Setting, startService } from './setting.js';
import { type Figure, round } from './table.js';
import { p99 } from './timing.js';

const ROUNDS = 2_000;
const MEMORY = 200;

const PROCESS = fileURLToPath(new URL('./export-process.js', import.meta.url));

/** What the history of a workspace is asked for over HTTP. */
type Query = Readonly<Record<string, string>>;

/** A page of a history. */
interface Page {
  readonly nextCursor?: string;
}

/**
 * What reading the history of a workspace with a million events costs, against the first page of a small one.
 *
 * @param smallWorkspace has some hundred events, so that its first page is a full one
 */
export async function measureAudit(setting: Setting, smallWorkspace: string): Promise<Figure[]> {
  const pool = createPool({ connectionString: setting.databaseUrl, name: 'bench', logger });
  const history = new AuditHistoryQueries(createDatabase(pool), {});
  try {
    const { sequence: events } = await history.head(STORIES_WORKSPACE);
    return [...(await pages(setting, events, smallWorkspace)), ...(await exports(history, setting.env))];
  } finally {
    await pool.end();
  }
}

/** Asked as clients ask, one after the other. */
async function pages(setting: Setting, events: number, smallWorkspace: string): Promise<Figure[]> {
  const service = await startService(setting, { ROLES: 'api' });
  const asker = new Asker(service.url, operatorToken(setting));
  const ask = (workspaceId: string, query: Query) =>
    asker.ask(`/v1/workspaces/${workspaceId}/audit-events?${new URLSearchParams(query)}`);
  try {
    const kinds = await questions(events, async (query) => JSON.parse(await ask(STORIES_WORKSPACE, query)));
    const askSmall = () => p99(ROUNDS, () => ask(smallWorkspace, {}));
    // The first questions of a process take longest, whatever they are.
    await askSmall();
    const small = await askSmall();
    const figures: Figure[] = [];
    for (const [what, query] of kinds) {
      const large = await p99(ROUNDS, (round) => ask(STORIES_WORKSPACE, query(round)));
      figures.push({
        what: `audit history over HTTP, ${what}, a million events`,
        value: `p99 ${round(large, 1)} ms; first page of a small workspace ${round(small, 1)} ms`,
        limit: '≤ 2 × that of a small one',
        holds: large <= 2 * small,
      });
    }
    return figures;
  } finally {
    asker.close();
    await service.stop();
  }
}

/** What a history of so many events is asked for, by round. */
async function questions(
  events: number,
  ask: (query: Query) => Promise<Page>,
): Promise<[what: string, query: (round: number) => Query][]> {
  const until = (share: number) => instantOfEvent(Math.floor(events * share));
  const depths = [0.999, 0.75, 0.5, 0.25, 0.001];
  const deep = await Promise.all(depths.map(async (share) => (await ask({ to: until(share) })).nextCursor ?? ''));
  const somebody = '0'.repeat(26);
  return [
    ['pages down to the deepest', (round) => ({ cursor: String(deep[round % deep.length]) })],
    ['oldest first', () => ({ order: 'oldest' })],
    ['a period in the middle', () => ({ from: until(0.4), to: until(0.6) })],
    ['of one type', () => ({ type: 'InvitationAccepted' })],
    ['of several types, one of which never was', () => ({ type: 'UserInvited,PermissionChanged,NeverHeardOf' })],
    ['of a type that never was', () => ({ type: 'NeverHeardOf' })],
    ['about one person', () => ({ subject: somebody })],
    ['by one person', () => ({ actor: somebody })],
    ['with the name of one person', (round) => ({ text: `Person ${90_000 + (round % 10_000)}` })],
    ['with the address of one person', (round) => ({ text: `person${90_000 + (round % 10_000)}@example.com` })],
    ['with the beginning of a hundred names', (round) => ({ text: `Person ${900 + (round % 100)}` })],
    ['with a word that all have', () => ({ text: 'example.com' })],
    ['with a word that none has', () => ({ text: 'zzzzqqqq' })],
  ];
}

async function exports(history: AuditHistoryQueries, env: Setting['env']): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'workspace-invitations-export-'));
  const { sequence: events, hash: head } = await history.head(STORIES_WORKSPACE);
  const figures: Figure[] = [];
  const run = async (what: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, ...args], {
      env: { PATH: process.env['PATH'], ...env },
    });
    const { seconds, memory, proven } = JSON.parse(stdout) as Exported;
    figures.push({
      what: `${what}, ${round(events)} records`,
      value: `${round(seconds, 1)} s, ${round(memory)} MB`,
      limit: `< ${MEMORY} MB, however many`,
      holds: proven && memory < MEMORY,
    });
  };
  try {
    await run('export as CSV', 'csv', join(folder, 'audit.csv'), STORIES_WORKSPACE);
    const file = join(folder, 'audit.ndjson');
    await run('export as NDJSON', 'ndjson', file, STORIES_WORKSPACE);
    await run('offline proof of the export', 'prove', file, STORIES_WORKSPACE, head);
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
