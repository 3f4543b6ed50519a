import t from 'tap';

import { KeptConnection } from '../../src/database/connection.js';
import { findDead, Liveness } from '../../src/database/liveness.js';
import { createPool } from '../../src/database/pool.js';
import { connect, createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const { url } = await createDatabase(t);
const pool = createPool({ connectionString: url, name: 'test', logger: silent });
t.teardown(() => pool.end());

/** The database by way of a proxy that can be cut. */
async function proxied(t: { teardown(action: () => Promise<unknown>): void }) {
  const target = new URL(url);
  const proxy = await startTcpProxy(Number(target.port));
  t.teardown(() => proxy.close());
  target.host = `127.0.0.1:${proxy.port}`;
  return { proxy, connectionString: target.href };
}

t.test('a connection that is cut is made again, with what has to be there', async (t) => {
  const { proxy, connectionString } = await proxied(t);
  const heard: string[] = [];
  let connects = 0;
  const kept = await new KeptConnection({
    connectionString,
    name: 'kept',
    logger: silent,
    onConnect: async (client) => {
      await client.query('listen test_channel');
      connects++;
    },
    onNotification: (channel, payload) => heard.push(`${channel} ${payload}`),
  }).open();
  t.teardown(() => kept.close());
  proxy.cut();
  await until(() => connects === 2, 'it is connected again');
  await pool.query(`select pg_notify('test_channel', 'hello')`);
  await until(() => heard.length > 0, 'it hears');
  t.strictSame(heard, ['test_channel hello']);
  t.strictSame((await kept.query('select 1 as one')).rows, [{ one: 1 }]);
});

t.test('it can be closed while it is being made again, also when nobody answers', async (t) => {
  const { proxy, connectionString } = await proxied(t);
  const kept = await new KeptConnection({
    connectionString,
    name: 'kept',
    logger: silent,
    onConnect: async () => {},
  }).open();
  proxy.swallow();
  await until(async () => (await kept.query('select 1').catch(() => 'lost')) === 'lost', 'it is lost');
  await kept.close();
  await t.rejects(kept.query('select 1'), { message: 'the connection is being made again' });
});

t.test('a connection that cannot be made is an error at once', async (t) => {
  const connectionString = 'postgres://127.0.0.1:1/none';
  const onConnect = async () => {};
  await t.rejects(new KeptConnection({ connectionString, name: 'none', logger: silent, onConnect }).open(), {
    code: 'ECONNREFUSED',
  });
});

t.test('who is announced is alive until closed, and nobody else is', async (t) => {
  const liveness = await new Liveness(url, silent).open('one', 'two');
  await liveness.announce('three');
  t.strictSame(await findDead(pool, ['one', 'two', 'three', 'four']), ['four']);
  t.strictSame(await findDead(pool, []), []);
  t.strictSame(await findDead(pool, ['four']), ['four'], 'to ask is not to take the name');
  await liveness.close();
  const dead = async () => (await findDead(pool, ['one', 'two', 'three'])).length === 3;
  t.ok(await until(dead, 'all are known to be dead'));
});

t.test('who was cut off is alive again under all names', async (t) => {
  const { proxy, connectionString } = await proxied(t);
  const liveness = await new Liveness(connectionString, silent).open('cut-one');
  t.teardown(() => liveness.close());
  await liveness.announce('cut-two');
  const holders = async () => {
    const { rows } = await pool.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'liveness' and datname = current_database()`,
    );
    return rows.map(({ pid }) => pid);
  };
  const before = await holders();
  t.ok(before.length > 0);
  proxy.cut();
  await until(async () => !(await holders()).some((pid) => before.includes(pid)), 'the database knows of the cut');
  await until(async () => (await findDead(pool, ['cut-one', 'cut-two'])).length === 0, 'both are alive again');
  t.strictSame(await findDead(pool, ['cut-one', 'cut-two', 'cut-three']), ['cut-three']);
});

t.test('who is retracted while the connection is made again is not alive afterwards', async (t) => {
  const { proxy, connectionString } = await proxied(t);
  const liveness = await new Liveness(connectionString, silent).open('leaves', 'stays');
  t.teardown(() => liveness.close());
  const other = await connect(t, url, 'in line');
  const waits = (client: string) => async () => {
    const { rowCount } = await pool.query(
      `select 1 from pg_stat_activity where application_name = $1 and wait_event = 'advisory'`,
      [client],
    );
    return rowCount === 1;
  };
  // First in line for the second name: so the new connection, once it holds the first, is not ready yet.
  const taken = other.query(`select pg_advisory_lock(hashtextextended('stays', 7))`);
  await until(waits('in line'), 'the second name is waited for');
  proxy.cut();
  await taken;
  await until(waits('liveness'), 'the new connection waits for it');
  await liveness.retract('leaves');
  await other.query(`select pg_advisory_unlock(hashtextextended('stays', 7))`);
  await until(async () => (await findDead(pool, ['stays'])).length === 0, 'the other one is alive');
  await until(async () => (await findDead(pool, ['leaves'])).length === 1, 'nobody holds the name');
});

t.test('instants come back as events have them, and counts as numbers, in this pool only', async (t) => {
  const query = `select timestamptz '2030-01-01 12:00:00.5+02' as at, count(*) as count from (values (1), (2)) v`;
  const { rows } = await pool.query(query);
  t.strictSame(rows, [{ at: '2030-01-01T10:00:00.500Z', count: 2 }]);
  const client = await connect(t, url);
  t.type((await client.query(query)).rows[0].at, Date);
});
