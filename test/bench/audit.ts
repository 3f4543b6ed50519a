import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { AuditHistoryQueries, type AuditQuery } from '../../projections/audit-history/queries.js';
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { silent as logger } from '../support/silent-logger.js';
import type { Exported } from './export-process.js';
import { instantOfEvent, STORIES_WORKSPACE } from './million-events.js';
import type { Setting } from './setting.js';
import { type Figure, round } from './table.js';
import { p99 } from './timing.js';

const ROUNDS = 2_000;
const MEMORY = 200;

const PROCESS = fileURLToPath(new URL('./export-process.js', import.meta.url));

/**
 * What reading the history of a workspace with a million events costs, against the first page of a small one.
 *
 * @param smallWorkspace has some hundred events, so that its first page is a full one
 */
export async function measureAudit({ databaseUrl, env }: Setting, smallWorkspace: string): Promise<Figure[]> {
  const pool = createPool({ connectionString: databaseUrl, name: 'bench', logger });
  const history = new AuditHistoryQueries(createDatabase(pool));
  try {
    return [...(await pages(history, smallWorkspace)), ...(await exports(history, env))];
  } finally {
    await pool.end();
  }
}

async function pages(history: AuditHistoryQueries, smallWorkspace: string): Promise<Figure[]> {
  const { sequence: events } = await history.head(STORIES_WORKSPACE);
  const middle = { from: instantOfEvent(Math.floor(events * 0.4)), to: instantOfEvent(Math.floor(events * 0.6)) };
  const deep = await cursorsOf(history, events);
  const somebody = '0'.repeat(26);
  const kinds: [what: string, query: (round: number) => Partial<AuditQuery>][] = [
    ['pages down to the deepest', (round) => ({ cursor: String(deep[round % deep.length]) })],
    ['oldest first', () => ({ order: 'oldest' })],
    ['a period in the middle', () => middle],
    ['of one type', () => ({ type: ['InvitationAccepted'] })],
    [
      'of several types, one of which never was',
      () => ({ type: ['UserInvited', 'PermissionChanged', 'NeverHeardOf'] }),
    ],
    ['of a type that never was', () => ({ type: ['NeverHeardOf'] })],
    ['about one person', () => ({ subject: somebody })],
    ['by one person', () => ({ actor: somebody })],
    ['with the name of one person', (round) => ({ text: `Person ${90_000 + (round % 10_000)}` })],
    ['with the beginning of a hundred names', (round) => ({ text: `Person ${900 + (round % 100)}` })],
    ['with a word that all have', () => ({ text: 'example.com' })],
    ['with a word that none has', () => ({ text: 'zzzzqqqq' })],
  ];
  const ask = (workspaceId: string, query: Partial<AuditQuery>) =>
    history.list(workspaceId, { order: 'newest', limit: 50, ...query });
  const askSmall = () => p99(ROUNDS, () => ask(smallWorkspace, {}));
  // The first questions of a process take longest, whatever they are.
  await askSmall();
  const small = await askSmall();
  const figures: Figure[] = [];
  for (const [what, query] of kinds) {
    const large = await p99(ROUNDS, (round) => ask(STORIES_WORKSPACE, query(round)));
    figures.push({
      what: `audit history, ${what}, a million events`,
      value: `p99 ${round(large, 1)} ms; first page of a small workspace ${round(small, 1)} ms`,
      limit: '≤ 2 × that of a small one',
      holds: large <= 2 * small,
    });
  }
  return figures;
}

/** Cursors into the whole depth of the history. */
async function cursorsOf(history: AuditHistoryQueries, events: number): Promise<string[]> {
  const pages = [0.999, 0.75, 0.5, 0.25, 0.001].map((share) =>
    history.list(STORIES_WORKSPACE, {
      order: 'newest',
      limit: 50,
      to: instantOfEvent(Math.floor(events * share)),
    }),
  );
  return (await Promise.all(pages)).flatMap(({ nextCursor }) => nextCursor ?? []);
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
