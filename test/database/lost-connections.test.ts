import t from 'tap';

import { createPool } from '../../src/database/pool.js';
import { createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';

const { url } = await createDatabase(t);

t.test('the loss of an idle connection is logged, without the connection', async (t) => {
  const warnings: { readonly err?: object; readonly pool?: string }[] = [];
  const warn = (fields: object) => warnings.push(fields);
  const pool = createPool({ connectionString: url, name: 'lost', logger: { ...silent, warn } });
  t.teardown(() => pool.end());
  const others = createPool({ connectionString: url, name: 'others', logger: silent });
  t.teardown(() => others.end());

  await pool.query('select 1');
  await others.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lost'`);

  await until(() => warnings.length > 0, 'the loss is logged');
  t.match(warnings, [{ pool: 'lost', err: { code: '57P01' } }]);
  t.notOk('client' in (warnings[0]?.err ?? {}), 'the error does not lead to what the connection knows');
});

t.test('of a pool that is being ended nothing is logged', async (t) => {
  const warnings: object[] = [];
  const pool = createPool({
    connectionString: url,
    name: 'ending',
    logger: { ...silent, warn: (it) => warnings.push(it) },
  });
  const ended = pool.end();
  pool.emit('error', new Error('terminating connection'));
  await ended;
  t.strictSame(warnings, []);
});
