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
export async function measureHistory({ databaseUrl }: Setting, people: number): Promise<Figure[]> {
  const pool = createPool({ connectionString: databaseUrl, name: 'bench', logger });
  try {
    await pool.query('vacuum analyze');
    return await asOf(new UserHistoryQueries(createDatabase(pool)), people);
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
