import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { temporaryFolder } from '../support/temporary-postgres.js';
import { until } from '../support/until.js';
import { isRunning, kill, ownerOf, query, runService, serverPid, start, whatItSays } from './postgres-support.js';

const isRoot = process.getuid?.() === 0;

const folder = await temporaryFolder();
t.teardown(() => rm(folder, { recursive: true, force: true }));

/** A folder that the tests use one after the other, with no server on it between tests. */
const dataDirectory = join(folder, 'postgres');

t.test('a server left behind by a service that was killed is adopted, and stopped in the end', async (t) => {
  const service = runService(t, dataDirectory);
  const url = await whatItSays(service);
  await query(url, 'create table note (word text)');
  await query(url, "insert into note values ('before the kill')");
  const pid = await serverPid(dataDirectory);
  await kill(service);

  const postgres = await start(t, dataDirectory);

  t.equal(postgres.adopted, true);
  t.equal(postgres.url, url);
  t.equal(await serverPid(dataDirectory), pid);
  t.strictSame(await query(postgres.url, "select word from note where word like 'before%'"), [
    { word: 'before the kill' },
  ]);
  await postgres.stop();
  await until(async () => !(await isRunning(pid)), 'the adopted server is gone');
});

t.test('a server that is killed comes back by itself where it was, with all that was committed', async (t) => {
  const postgres = await start(t, dataDirectory);
  await query(postgres.url, "insert into note values ('committed')");
  const pids = [await serverPid(dataDirectory)];
  for (const _time of [1, 2]) {
    process.kill(pids.at(-1) ?? 0, 'SIGKILL');
    const found = await until(
      () => query(postgres.url, "select word from note where word = 'committed'").catch(() => undefined),
      'it answers again',
    );
    t.strictSame(found, [{ word: 'committed' }]);
    pids.push(await serverPid(dataDirectory));
  }
  t.equal(new Set(pids).size, 3);
  await postgres.stop();
  await until(async () => !(await isRunning(pids.at(-1) ?? 0)), 'the last of them is stopped');
});

t.test('what a server ended with is still in its log when it could not be started again for a while', async (t) => {
  const postgres = await start(t, dataDirectory);
  await query(postgres.url, "do $$ begin raise log 'what it ended with'; end $$");
  const control = join(dataDirectory, 'global', 'pg_control');
  await rename(control, `${control}.away`);
  process.kill(await serverPid(dataDirectory), 'SIGKILL');
  const log = () => readFile(join(dataDirectory, 'postgres.log'), 'utf8');
  await until(async () => (await log()).split('pg_control').length > 3, 'it was tried three times');
  t.match(await log(), /what it ended with/);
  await rename(`${control}.away`, control);
  await until(() => query(postgres.url, 'select 1').catch(() => undefined), 'it answers again');
  await postgres.stop();
});

t.test('a log that has grown large is put aside at the next start', async (t) => {
  const log = join(dataDirectory, 'postgres.log');
  await truncate(log, 10 * 2 ** 20);
  await (await start(t, dataDirectory)).stop();
  t.equal((await stat(join(dataDirectory, 'postgres.previous.log'))).size, 10 * 2 ** 20);
  t.ok((await stat(log)).size < 100_000);
});

t.test('a server that is killed as its service stops does not come back', async (t) => {
  const postgres = await start(t, dataDirectory);
  process.kill(await serverPid(dataDirectory), 'SIGKILL');
  await postgres.stop();
  await until(async () => !(await isRunning(await serverPid(dataDirectory))), 'none runs');
  await t.rejects(query(postgres.url, 'select 1'));
});

t.test('service and server killed together are recovered', async (t) => {
  const service = runService(t, dataDirectory);
  await whatItSays(service);
  process.kill(await serverPid(dataDirectory), 'SIGKILL');
  await kill(service);

  const postgres = await start(t, dataDirectory);

  t.strictSame(await query(postgres.url, 'select 1 as one'), [{ one: 1 }]);
});

t.test('a stale postmaster.pid whose number is another program by now does no harm', async (t) => {
  const service = runService(t, dataDirectory);
  await whatItSays(service);
  const file = join(dataDirectory, 'postmaster.pid');
  const [pid, ...others] = (await readFile(file, 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGKILL');
  await kill(service);
  const bystander = spawn('sleep', ['600'], isRoot ? await ownerOf(dataDirectory) : {});
  t.teardown(() => bystander.kill());
  await writeFile(file, [bystander.pid, ...others].join('\n'));

  const postgres = await start(t, dataDirectory);

  t.equal(postgres.adopted, false);
  t.strictSame(await query(postgres.url, 'select 1 as one'), [{ one: 1 }]);
});

t.test('a start that was killed while it made the cluster is made up for by the next', async (t) => {
  const unfinishedIn = async (parent: string) =>
    (await readdir(parent)).find((name) => name.startsWith('postgres.init-')) ?? '';
  let parent = '';
  // On a busy machine it may be over before it is looked at: then another one is begun.
  for (let tries = 1; parent === '' || !(await unfinishedIn(parent)); tries++) {
    if (parent !== '') await (await start(t, join(parent, 'postgres'))).stop();
    parent = join(folder, `interrupted-${tries}`);
    await mkdir(parent);
    const service = runService(t, join(parent, 'postgres'));
    await until(async () => {
      const written = await readdir(join(parent, await unfinishedIn(parent), 'cluster')).catch(() => []);
      return written.length > 3 || (await readdir(parent)).includes('postgres');
    }, 'it wrote something');
    await kill(service);
  }

  const postgres = await start(t, join(parent, 'postgres'));

  t.strictSame(await query(postgres.url, 'select 1 as one'), [{ one: 1 }]);
  t.strictSame(await readdir(parent), ['postgres'], 'what was left of the first start is gone');
});

t.test('a locale that this machine lacks does not matter', async (t) => {
  const service = runService(t, join(folder, 'locale'), {
    LANG: 'xx_XX.UTF-8',
    LC_ALL: 'xx_XX.UTF-8',
  });

  t.match(await whatItSays(service), /^postgres:\/\//);
  await kill(service);
  await (await start(t, join(folder, 'locale'))).stop();
});
