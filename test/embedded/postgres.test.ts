import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import t from 'tap';
import { temporaryFolder } from '../support/temporary-postgres.js';
import { until } from '../support/until.js';
import { otherAddresses } from './other-addresses.js';
import { isRunning, ownerOf, query, rejects, serverPid, start } from './postgres-support.js';

const isRoot = process.getuid?.() === 0;

const folder = await temporaryFolder();
t.teardown(() => rm(folder, { recursive: true, force: true }));

/** A folder that the tests use one after the other: made by the first, with no server on it between tests. */
const dataDirectory = join(folder, 'a data folder', 'postgres');

t.test('the first start makes a cluster that is the same on every machine', async (t) => {
  const postgres = await start(t, dataDirectory);

  t.strictSame(
    await query(
      postgres.url,
      'select datlocprovider, datlocale, datcollate, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()',
    ),
    [{ datlocprovider: 'b', datlocale: 'C.UTF-8', datcollate: 'C', encoding: 'UTF8' }],
  );
  t.strictSame(
    await query(postgres.url, "select current_setting('fsync') as fsync, current_setting('TimeZone') as zone"),
    [{ fsync: 'on', zone: 'UTC' }],
  );
  t.strictSame(await readdir(join(folder, 'a data folder')), ['postgres'], 'nothing but the cluster is left');
  t.equal(postgres.adopted, false);
});

t.test('only this machine gets in, and only with the password', async (t) => {
  const postgres = await start(t, dataDirectory);
  await query(postgres.url, 'create table if not exists note (word text)');

  const { mode } = await stat(join(dataDirectory, 'superuser-password'));
  t.equal(mode & 0o777, 0o600, 'the password is for the owner to read');
  const guess = new URL(postgres.url);
  guess.password = 'guess';
  await t.rejects(query(guess.href, 'select 1'), { code: '28P01' });
  t.strictSame(await query(postgres.url, "select current_setting('unix_socket_directories') as sockets"), [
    { sockets: '' },
  ]);
  for (const address of otherAddresses()) {
    const outside = new URL(postgres.url);
    outside.hostname = address;
    await t.rejects(query(outside.href, 'select 1'), { code: 'ECONNREFUSED' }, 'other interfaces are not listened on');
  }
});

t.test('a second start goes on with the data', async (t) => {
  const first = await start(t, dataDirectory);
  await query(first.url, "insert into note values ('kept')");
  await first.stop();

  const second = await start(t, dataDirectory);

  t.strictSame(await query(second.url, 'select word from note'), [{ word: 'kept' }]);
  t.equal(second.adopted, false);
});

t.test('stop ends the server, cuts connections off, and may be called again', async (t) => {
  const postgres = await start(t, dataDirectory);
  const pid = await serverPid(dataDirectory);
  const client = new pg.Client({ connectionString: postgres.url });
  const errors: Error[] = [];
  client.on('error', (error) => errors.push(error));
  await client.connect();

  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();

  t.match(errors[0], { code: '57P01' });
  await until(async () => !(await isRunning(pid)), 'the server is gone');
  await t.rejects(query(postgres.url, 'select 1'), { code: 'ECONNREFUSED' });
});

t.test('a port that was asked for is used, and refused in words when it is taken', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  await rejects(t, start(t, dataDirectory, { port }), 'port-taken', String(port));
  blocker.close();
  await once(blocker, 'close');
  const postgres = await start(t, dataDirectory, { port });

  t.equal(postgres.port, port);
  t.equal(new URL(postgres.url).port, String(port));
});

t.test('a folder with other files in it is refused and left as it is', async (t) => {
  const foreign = join(folder, 'foreign');
  await mkdir(foreign);
  await writeFile(join(foreign, 'letter.txt'), 'Dear');

  await rejects(t, start(t, foreign), 'data-folder-foreign', foreign);

  t.strictSame(await readdir(foreign), ['letter.txt']);
});

t.test('data of another major version is refused and left as it is', async (t) => {
  const old = join(folder, 'old');
  await mkdir(old);
  await writeFile(join(old, 'PG_VERSION'), '11\n');

  await rejects(t, start(t, old), 'data-from-other-version', 'Postgres 11');

  t.strictSame(await readdir(old), ['PG_VERSION']);
});

t.test('a folder that cannot be made is refused in words', async (t) => {
  const file = join(folder, 'file');
  await writeFile(file, '');

  await rejects(t, start(t, join(file, 'postgres')), 'data-folder-not-writable', file);
});

t.test(
  'a folder without the right to write is refused in words',
  { skip: isRoot && 'root may write everywhere' },
  async (t) => {
    const locked = join(folder, 'locked');
    await mkdir(locked, { mode: 0o500 });

    await rejects(t, start(t, join(locked, 'postgres')), 'data-folder-not-writable', locked);
  },
);

t.test(
  'data that belongs to another user is refused in words',
  { skip: !isRoot && 'only root can give a folder away' },
  async (t) => {
    const taken = join(folder, 'taken');
    await mkdir(taken);
    await writeFile(join(taken, 'PG_VERSION'), '18\n');

    await rejects(t, start(t, taken), 'data-folder-not-writable', 'chown -R');
  },
);

t.test('when Postgres says no, the error carries its reason', async (t) => {
  const broken = join(folder, 'broken');
  await cp(dataDirectory, broken, { recursive: true });
  if (isRoot) {
    const { uid, gid } = await ownerOf(dataDirectory);
    await once(spawn('chown', ['-R', `${uid}:${gid}`, broken]), 'exit');
  }
  await chmod(broken, 0o700);
  await rm(join(broken, 'global', 'pg_control'));

  await rejects(t, start(t, broken), 'postgres-did-not-start', 'pg_control');
});

t.test(
  'as root, data that the user Postgres runs as cannot reach is kept where it can, and the folder leads there',
  { skip: !isRoot && 'only root runs Postgres as another user' },
  async (t) => {
    const home = join(folder, 'home');
    await mkdir(home, { mode: 0o700 });
    const asked = join(home, 'postgres');
    t.teardown(async () => rm(await realpath(asked), { recursive: true, force: true }));
    const first = await start(t, asked);
    await query(first.url, 'create table kept (); ');
    await first.stop();

    const second = await start(t, asked);

    t.strictSame(await query(second.url, "select to_regclass('kept')::text as kept"), [{ kept: 'kept' }]);
    t.match(await realpath(asked), /^\/var\/lib\/workspace-invitations\/data-/);
  },
);
