import { existsSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import t, { type Test } from 'tap';

import { createPool } from '../../src/database/pool.js';
import { createDatabase } from '../support/postgres.js';
import { priorityOfSession } from '../support/session-priority.js';
import { silent } from '../support/silent-logger.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const ONLY_ON_LINUX = process.platform === 'linux' ? {} : { skip: 'it cannot be told there who works for whom' };

const { url } = await createDatabase(t);
const LOWERED = constants.priority.PRIORITY_BELOW_NORMAL;

/** The processes of Postgres that work for as many connections of a new pool. */
async function backends(t: Test, connectionString: string, count: number, givesWay = true): Promise<number[]> {
  const pool = createPool({ connectionString, name: 'test', logger: silent, max: count, givesWay });
  t.teardown(() => pool.end());
  const clients = await Promise.all(Array.from({ length: count }, () => pool.connect()));
  const ids = await Promise.all(
    clients.map(async (client) => (await client.query('select pg_backend_pid() as id')).rows[0].id as number),
  );
  for (const client of clients) client.release();
  return ids;
}

/** With the session that it leads, where the system goes by sessions. */
const isLowered = (id: number) =>
  getPriority(id) === LOWERED && (!existsSync(`/proc/${id}/autogroup`) || priorityOfSession(id) === LOWERED);

t.test('Postgres lets others go before what it does for a pool that gives way', ONLY_ON_LINUX, async (t) => {
  for (const id of await backends(t, url, 6)) {
    await until(() => isLowered(id), `${id} lets others go first`);
  }
  for (const id of await backends(t, url, 1, false)) t.equal(getPriority(id), getPriority());
});

t.test('what cannot be told to work for it is left as it is', ONLY_ON_LINUX, async (t) => {
  const target = new URL(url);
  const proxy = await startTcpProxy(Number(target.port));
  t.teardown(() => proxy.close());
  target.host = `127.0.0.1:${proxy.port}`;
  for (const id of await backends(t, target.href, 1)) t.equal(getPriority(id), getPriority());
});
