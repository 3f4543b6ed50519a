import { AuditHistoryQueries } from '../../projections/audit-history/queries.js';
import { UserHistoryQueries } from '../../projections/user-history/queries.js';
import type { UserQuery } from '../../projections/users-tab/selection.js';
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { silent as logger } from '../support/silent-logger.js';
import { EVENTS_A_PERSON, instantOfEvent, STORIES_WORKSPACE } from './million-events.js';
import type { Setting } from './setting.js';
import { type Figure, percentile, round } from './table.js';

const ROUNDS = 200;

/** What questions about the past cost in a workspace of a hundred thousand people with a million events. */
export async function measureHistory(
  { databaseUrl }: Setting,
  people: number,
  smallWorkspace: string,
): Promise<Figure[]> {
  const pool = createPool({ connectionString: databaseUrl, name: 'bench', logger });
  try {
    await pool.query('vacuum analyze');
    const db = createDatabase(pool);
    return [
      ...(await asOf(new UserHistoryQueries(db), people)),
      ...(await audit(new AuditHistoryQueries(db), smallWorkspace)),
    ];
  } finally {
    await pool.end();
  }
}

async function asOf(history: UserHistoryQueries, people: number): Promise<Figure[]> {
  const [early, middle, late] = [0.01, 0.5, 0.99].map((share) =>
    instantOfEvent(Math.floor(people * EVENTS_A_PERSON * share)),
  );
  const instants = [early, middle, late] as [string, string, string];
  const kinds: [string, Partial<UserQuery>][] = [
    ['first page', {}],
    ['by name', { sort: 'name' }],
    ['active only', { status: ['active'], sort: 'name' }],
    ['search for an address', { search: `person${Math.floor(people / 200)}@` }],
  ];
  const figures: Figure[] = [];
  for (const [what, query] of kinds) {
    const times = await p99((round) =>
      history.list(STORIES_WORKSPACE, instants[round % 3] ?? middle ?? '', { sort: '-invitedAt', limit: 50, ...query }),
    );
    figures.push({
      what: `as-of, ${what}, ${round(people)} people, a million events`,
      value: `p99 ${round(times, 1)} ms`,
      limit: '< 50 ms',
      holds: times < 50,
    });
  }
  return figures;
}

async function audit(history: AuditHistoryQueries, smallWorkspace: string): Promise<Figure[]> {
  const page = (workspaceId: string, cursor?: string) =>
    history.list(workspaceId, { order: 'newest', limit: 50, ...(cursor === undefined ? {} : { cursor }) });
  const deep = await cursorsOf(history);
  const small = await p99(() => page(smallWorkspace));
  const large = await p99((round) => page(STORIES_WORKSPACE, deep[round % deep.length]));
  return [
    {
      what: 'audit history, pages down to the deepest, a million events',
      value: `p99 ${round(large, 1)} ms; first page of a small workspace ${round(small, 1)} ms`,
      limit: '≤ 2 × that of a small one',
      holds: large <= 2 * small,
    },
  ];
}

/** Cursors into the whole depth of the history. */
async function cursorsOf(history: AuditHistoryQueries): Promise<string[]> {
  const cursors: string[] = [];
  for (const share of [0.999, 0.75, 0.5, 0.25, 0.001]) {
    const { sequence } = await history.head(STORIES_WORKSPACE);
    const to = instantOfEvent(Math.floor(sequence * share));
    const { nextCursor } = await history.list(STORIES_WORKSPACE, { order: 'newest', limit: 50, to });
    if (nextCursor) cursors.push(nextCursor);
  }
  return cursors;
}

/** @returns milliseconds */
async function p99(ask: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    await ask(round);
    // The first ones find neither the plan nor the pages ready.
    if (round >= 20) times.push(performance.now() - startedAt);
  }
  return percentile(times, 0.99);
}
