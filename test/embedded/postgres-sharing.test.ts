import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { temporaryFolder } from '../support/temporary-postgres.js';
import { isRunning, kill, query, rejects, runService, serverPid, start, whatItSays } from './postgres-support.js';

const folder = await temporaryFolder();
t.teardown(() => rm(folder, { recursive: true, force: true }));

/** A folder that the tests use one after the other, with no server on it between tests. */
const dataDirectory = join(folder, 'postgres');

t.test('a data folder that a running service works on is refused, and that service is left in peace', async (t) => {
  const service = runService(t, dataDirectory);
  const url = await whatItSays(service);

  await rejects(t, start(t, dataDirectory), 'data-folder-in-use', dataDirectory);

  t.strictSame(await query(url, 'select 1 as one'), [{ one: 1 }]);
  await kill(service);
  await (await start(t, dataDirectory)).stop();
});

t.test('of two services that start at once on one folder, one wins and the other is told', async (t) => {
  const contested = join(folder, 'contested');
  for (const state of ['without data', 'with data']) {
    const services = [runService(t, contested), runService(t, contested)];
    const said = await Promise.all(services.map(whatItSays));
    const winner = said.find((line) => line.startsWith('postgres://')) ?? '';

    t.strictSame(said.map((line) => line.replace(winner, 'url')).sort(), ['data-folder-in-use', 'url'], state);
    t.strictSame(await query(winner, 'select 1 as one'), [{ one: 1 }]);
    await Promise.all(services.map(kill));
    await (await start(t, contested)).stop();
  }
});

t.test("the terminal's Ctrl-C does not reach the server", async (t) => {
  const service = runService(t, dataDirectory);
  const url = await whatItSays(service);
  const pid = await serverPid(dataDirectory);

  process.kill(-(service.pid ?? 0), 'SIGINT');

  t.strictSame(await query(url, 'select 1 as one'), [{ one: 1 }]);
  await kill(service);
  t.equal(await isRunning(pid), true);
  await (await start(t, dataDirectory)).stop();
});
