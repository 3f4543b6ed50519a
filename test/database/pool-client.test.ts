import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';

import { createPool } from '../../src/database/pool.js';
import { createDatabase } from '../support/postgres.js';
import { silent as logger } from '../support/silent-logger.js';

const { url } = await createDatabase(t);
const pool = createPool({ connectionString: url, name: 'clients', logger, max: 1 });
t.teardown(() => pool.end());
const client = await pool.connect();
t.teardown(() => client.release());

t.test('a query is answered in each form in which it can be put', async (t) => {
  t.strictSame((await client.query('select 1 as n')).rows, [{ n: 1 }]);
  t.strictSame((await client.query('select $1::int as n', [2])).rows, [{ n: 2 }]);
  t.strictSame((await client.query({ name: 'three', text: 'select 3 as n' })).rows, [{ n: 3 }]);
  const byCallback = new Promise((resolve) => {
    client.query('select $1::int as n', [4], (_, { rows }) => resolve(rows));
  });
  t.strictSame(await byCallback, [{ n: 4 }]);
  const withoutValues = new Promise((resolve) => {
    void client.query('select 5 as n', (_, { rows }) => resolve(rows));
  });
  t.strictSame(await withoutValues, [{ n: 5 }]);
});

t.test('an error tells its code, and who asked', async (t) => {
  const askNonsense = async () => await client.query('nonsense');
  const error: unknown = await askNonsense().catch((error: unknown) => error);
  t.match(error, { code: '42601', stack: /askNonsense/ });
});

t.test('what is answered is free for a quick collection', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;
  const grownOld = () =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0;
  collect();
  const before = grownOld();
  const megabyte = 1_000_000;
  for (let query = 0; query < 400; query++) {
    await client.query(`select repeat('x', 1000) || n as text from generate_series(1, 50) n`);
    if (query % 10 === 0) collect({ type: 'minor' });
  }
  const kept = grownOld() - before;
  t.ok(kept < megabyte, `of 20 MB that were answered ${kept} bytes are kept until the whole heap is swept`);
});
