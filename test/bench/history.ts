import { UserHistoryQueries } from '../../projections/user-history/queries.js';
import type { UserQuery } from '../../projections/users-tab/selection.js';
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { silent as logger } from '../support/silent-logger.js';
import { EVENTS_A_PERSON, instantOfEvent, STORIES_WORKSPACE } from './million-events.js';
import type { Setting } from './setting.js';
import { type Figure, round } from './table.js';
import { p99 } from './timing.js';

const ROUNDS = 100;

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

/** How many people there were at the earliest instant that is asked for: a page of them, and no more. */
const FIRST_PEOPLE = 10;

async function asOf(history: UserHistoryQueries, people: number): Promise<Figure[]> {
  const events = people * EVENTS_A_PERSON;
  const instants = [FIRST_PEOPLE, events * 0.01, events * 0.5, events * 0.99].map((event) =>
    instantOfEvent(Math.floor(event)),
  );
  const kinds: [string, Partial<UserQuery>][] = [
    ['first page', {}],
    ['by name', { sort: 'name' }],
    ['active only', { status: ['active'], sort: 'name' }],
    ['removed only', { status: ['removed'] }],
    ['administrators only', { role: ['administrator'], sort: 'name' }],
    ['search for an address', { search: `person${Math.floor(people / 200)}@` }],
    ['search for what all have', { search: 'person', sort: 'name' }],
  ];
  const figures: Figure[] = [];
  const measure = async (what: string, ask: (asOf: string, query: UserQuery) => Promise<unknown>, query: UserQuery) => {
    const byInstant: number[] = [];
    for (const instant of instants) byInstant.push(await p99(ROUNDS, () => ask(instant, query)));
    const slowest = Math.max(...byInstant);
    figures.push({
      what: `as-of, ${what}, ${round(people)} people, a million events`,
      value: `p99 ${byInstant.map((time) => round(time, 1)).join(', ')} ms by instant, the earliest first`,
      limit: '< 50 ms each',
      holds: slowest < 50,
    });
  };
  const list = (instant: string, query: UserQuery) => history.list(STORIES_WORKSPACE, instant, query);
  for (const [what, query] of kinds) await measure(what, list, { sort: '-invitedAt', limit: 50, ...query });
  const deep = await deepCursors(history, instants);
  await measure(
    'a page in the middle, by name',
    (instant, query) => list(instant, { ...query, ...deep.get(instant) }),
    { sort: 'name', limit: 50 },
  );
  return figures;
}

/** Cursors to the middle of the list by name, by instant. */
async function deepCursors(
  history: UserHistoryQueries,
  instants: readonly string[],
): Promise<Map<string, { cursor: string }>> {
  const cursors = new Map<string, { cursor: string }>();
  for (const instant of instants) {
    const query = { sort: 'name', limit: 50, search: 'person 5' } as const;
    const { nextCursor } = await history.list(STORIES_WORKSPACE, instant, query);
    if (nextCursor !== undefined) cursors.set(instant, { cursor: nextCursor });
  }
  return cursors;
}
