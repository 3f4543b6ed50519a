import { UsersTabQueries } from '../../projections/users-tab/queries.js';
import type { UserQuery } from '../../projections/users-tab/selection.js';
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { addPeople } from '../support/many-people.js';
import { silent } from '../support/silent-logger.js';
import { type Setting, startService } from './setting.js';
import { type Figure, percentile, round } from './table.js';

const FEW = 1_000;
const MANY = 1_000_000;
const ROUNDS = 300;

/** What a page of the users tab costs with a million people in one workspace, against a thousand in another. */
export async function measureUsersTab(setting: Setting): Promise<Figure[]> {
  const service = await startService(setting);
  await service.stop();
  const pool = createPool({ connectionString: setting.databaseUrl, name: 'bench', logger: silent });
  try {
    const [few, many] = ['few', 'many'].map((word) => word.padEnd(26, 'x')) as [string, string];
    for (const [workspaceId, people] of [
      [few, FEW],
      [many, MANY],
    ] as const) {
      await addPeople(pool, workspaceId, people);
    }
    await pool.query('vacuum analyze users_tab.users');
    const queries = new UsersTabQueries(createDatabase(pool));
    const p99 = async (workspaceId: string, query: Partial<UserQuery>) => {
      const times: number[] = [];
      for (let i = 0; i < ROUNDS; i++) {
        const startedAt = performance.now();
        await queries.list(workspaceId, { sort: 'name', limit: 50, ...query });
        times.push(performance.now() - startedAt);
      }
      return percentile(times, 0.99);
    };
    const figures: Figure[] = [];
    const { rows } = await pool.query<{ search: string }>(
      `select split_part(name_key, ' ', 2) as search from users_tab.users where workspace_id = $1 and user_id = md5('777')`,
      [few],
    );
    const kinds: [string, Partial<UserQuery>][] = [
      ['first page', {}],
      ['by status, newest first', { status: ['waiting'], sort: '-invitedAt' }],
      ['search for a last name', { ...rows[0] }],
    ];
    for (const [what, query] of kinds) {
      await p99(few, query);
      await p99(many, query);
      const [small, large] = [await p99(few, query), await p99(many, query)];
      figures.push({
        what: `users tab, ${what}, a million people`,
        value: `p99 ${round(large, 1)} ms; of a thousand ${round(small, 1)} ms`,
        limit: '≤ 2 × that of a thousand',
        holds: large <= 2 * small,
      });
    }
    return figures;
  } finally {
    await pool.end();
  }
}
