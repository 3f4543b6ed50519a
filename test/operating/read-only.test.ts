import { randomBytes } from 'node:crypto';
import pg from 'pg';
import t from 'tap';

import { contextOf, openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { operate, start, startIn } from './operator.js';

// Every command is a process of its own: on a busy machine that takes its time.
t.setTimeout(600_000);

const test = await openTestCore(t, { followers: true });
const { core, url } = test;
const founded = await test.foundWorkspace();
const { workspaceId, ownerId } = founded;
await core.invitations.invite(workspaceId, ownerId, test.invitee('one@example.com'), contextOf(ownerId));
await test.caughtUp();
await core.operations.pause('workspaces', { by: 'ops@example.com', reason: 'a test' });

/** A database role with some rights, and how to connect as it. */
async function role(attributes: string, grants: readonly string[]): Promise<string> {
  const name = `looker_${randomBytes(6).toString('hex')}`;
  await core.pool.query(`create role ${name} login password 'secret' ${attributes}`);
  t.teardown(async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`drop owned by ${name}`).finally(() => client.query(`drop role ${name}`));
    await client.end();
  });
  for (const grant of grants) await core.pool.query(`grant ${grant} to ${name}`);
  const asRole = new URL(url);
  asRole.username = name;
  asRole.password = 'secret';
  return asRole.href;
}

const LOOKING = [
  ['projections', 'list', '--json'],
  ['projections', 'log', 'workspaces', '--json'],
  ['mail', 'queue', '--json'],
  ['events', 'read', '--json'],
];

t.test('a role that may read, and nothing else, is enough for whatever only looks', async (t) => {
  const reader = await role('bypassrls', ['pg_read_all_data']);
  // Whatever tried to write would fail at this, too.
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`alter role ${new URL(reader).username} set default_transaction_read_only = on`);
  await client.end();
  for (const line of LOOKING) {
    const [asReader, asOwner] = [await operate(reader, ...line), await operate(url, ...line)];
    t.equal(asReader.code, 0, `${line.join(' ')}: ${asReader.err}`);
    t.strictSame(JSON.parse(lines(asReader.out)), JSON.parse(lines(asOwner.out)), line.join(' '));
  }
  const status = await operate(reader, 'reactor', 'status', '--json');
  t.match(JSON.parse(status.out), { share: 1, leader: { since: null }, queue: [{ name: String }] });
  t.match((await operate(reader, 'reactor', 'status')).out, /\nLed; .*pg_read_all_stats/);
  t.match((await operate(reader, 'projections', 'list')).out, /\nusers-tab +\d+ +followed +100%/);

  const tail = start(reader, 'events', 'tail', '--type', 'WorkspaceRenamed', '--after', await core.store.head());
  await core.workspaces.change(workspaceId, ownerId, { name: 'Acme Two' }, contextOf(ownerId));
  await until(() => tail.out().includes('Acme Two'), 'it is printed');
  tail.interrupt();
  t.equal((await tail.ended).code, 0);
});

/** Lines of JSON as one document. */
function lines(out: string): string {
  return out.startsWith('[') ? out : `[${out.trim().split('\n').join(',')}]`;
}

t.test('a role that would see an empty queue is told what it lacks, and not that no mail waits', async (t) => {
  const reader = await role('', ['pg_read_all_data']);
  t.equal((await operate(reader, 'projections', 'list')).code, 0);
  for (const line of [
    ['mail', 'queue'],
    ['reactor', 'status'],
  ]) {
    const { code, out, err } = await operate(reader, ...line);
    t.strictSame([code, out], [1, ''], line.join(' '));
    t.match(err, /^The database says: query would be affected by row-level security .*BYPASSRLS/);
  }
});

t.test('a role that may not even look is told so, by name of what it may not look at', async (t) => {
  const nobody = await role('', []);
  const { code, err } = await operate(nobody, 'projections', 'list');
  t.equal(code, 1);
  t.match(err, /^The database says: permission denied for schema event_store\. .*pg_read_all_data/);
  const json = await operate(nobody, 'events', 'read', '--json');
  t.match(JSON.parse(json.out), { error: { code: 'database-access-denied', message: String } });
});

t.test('a role that may only read changes nothing, and is told which one it takes', async (t) => {
  const reader = await role('bypassrls', ['pg_read_all_data']);
  for (const line of [
    ['projections', 'resume', 'workspaces'],
    ['projections', 'rebuild', 'users-tab'],
    ['mail', 'retry'],
  ]) {
    const { code, err } = await operate(reader, ...line);
    t.equal(code, 1, line.join(' '));
    t.match(err, /^The database says: permission denied .* takes the role of the service\.\n$/, line.join(' '));
  }
  const [workspaces] = (await core.operations.list()).filter(({ name }) => name === 'workspaces');
  t.ok(workspaces?.paused);
});

t.test('a database that is not there, or not reached, is told in a sentence', async (t) => {
  const wrong = new URL(url);
  wrong.password = 'wrong';
  const missing = new URL(url);
  missing.pathname = 'nothing_here';
  const closed = 'postgres://127.0.0.1:1/none';
  for (const [database, said] of [
    [wrong.href, /^The database says: password authentication failed .* DATABASE_URL\.\n$/],
    [missing.href, /^The database says: database "nothing_here" does not exist\. Look at DATABASE_URL\.\n$/],
    [closed, /^The database says: connect ECONNREFUSED 127\.0\.0\.1:1\. Look at DATABASE_URL, .*\n$/],
  ] as const) {
    t.match(await operate(database, 'projections', 'list'), { code: 1, err: said });
  }
});

t.test('an event store that is not reached is told in a sentence, and not waited for', async (t) => {
  for (const line of [
    ['events', 'read'],
    ['projections', 'list'],
  ]) {
    const EVENT_STORE = 'esdb://127.0.0.1:1?tls=false';
    const { code, err } = await startIn({ DATABASE_URL: url, EVENT_STORE }, ...line).ended;
    t.equal(code, 1, line.join(' '));
    t.match(err, /\nThe event store does not answer: .*ECONNREFUSED.* Look at EVENT_STORE, and whether it runs\.\n$/);
  }
});

t.test('where the log is not, none is made', async (t) => {
  await core.operations.resume('workspaces');
  await core.pool.query('alter schema event_store rename to moved_away');
  try {
    for (const line of [
      ['projections', 'list'],
      ['projections', 'rebuild', 'users-tab'],
    ]) {
      const { code, err } = await operate(url, ...line);
      t.equal(code, 1, line.join(' '));
      t.match(err, /^there is no log of this release in the database: .* EVENT_STORE where the log is\n$/);
    }
    const { rows } = await core.pool.query(`select to_regnamespace('event_store') as made`);
    t.strictSame(rows, [{ made: null }]);
  } finally {
    await core.pool.query('alter schema moved_away rename to event_store');
  }
});

t.test('tables of an older release are for the program of that release', async (t) => {
  const last = `name = (select max(name) from migrations.kysely_migration)`;
  const { rows } = await core.pool.query(`delete from migrations.kysely_migration where ${last} returning *`);
  const said = /^the tables are of an older release than this program \(\d{4}-\w+ not made yet\)/;
  t.match(await operate(url, 'projections', 'list'), { code: 1, err: said });
  t.match(await operate(url, 'projections', 'pause', 'users-tab'), { code: 1, err: said });
  t.strictSame(
    (await core.pool.query(`select from migrations.kysely_migration where name = $1`, [rows[0].name])).rows,
    [],
  );
  await core.pool.query('alter table migrations.kysely_migration rename to moved_away');
  const none = await operate(url, 'projections', 'list', '--json');
  t.match(JSON.parse(none.out), { error: { code: 'schema-outdated', message: /no tables of the service/ } });
  await core.pool.query('alter table migrations.moved_away rename to kysely_migration');
  await core.pool.query('insert into migrations.kysely_migration values ($1, $2)', [rows[0].name, rows[0].timestamp]);
  t.equal((await operate(url, 'projections', 'list')).code, 0);
});
