import t from 'tap';
import { readCheckpoint } from '../../src/projecting/checkpoint.js';
import { PROJECTIONS } from '../../src/projections.js';
import { contextOf, linkOf, openTestCore } from '../support/core.js';
import { holding, untilHeld } from '../support/holding.js';
import { constraintsOf, liveOn, operationsOn, patient } from './support.js';

const test = await openTestCore(t, { followers: true });
const { core } = test;
const operations = operationsOn(test);
const founded = await test.foundWorkspace();

/** Jobs that the queue holds. */
async function jobs(): Promise<unknown[]> {
  const { rows } = await core.pool.query('select key from graphile_worker.jobs order by key');
  return rows;
}

t.test(
  'what is rebuilt while people are invited equals what was projected all along, and takes its place',
  async (t) => {
    await liveOn(test, founded, 60);
    for (const { name, schema } of PROJECTIONS) {
      const shares: number[] = [];
      const [outcome] = await Promise.all([
        operations.rebuild(name, { ...patient, switch: true, onProgress: ({ share }) => void shares.push(share) }),
        liveOn(test, founded, 30),
      ]);

      if (outcome.state !== 'switched') throw new Error(`${name}: ${outcome.state}`);
      t.equal(outcome.comparison.equal, true, name);
      t.ok(outcome.comparison.tables.every(({ live, built }) => live?.checksum === built?.checksum && live?.rows));
      t.ok(shares.length > 2, 'progress is told again and again');
      t.strictSame(shares, [...shares].sort(), 'and never goes back');
      const { rows } = await core.pool.query('select nspname from pg_namespace where nspname like $1 order by 1', [
        `${schema}%`,
      ]);
      t.strictSame(rows, [{ nspname: schema }, { nspname: `${schema}__previous` }]);
    }

    await liveOn(test, founded, 5);
    await test.caughtUp();
    t.strictSame(
      test.following.map((following) => following.status().state),
      test.following.map(() => 'live'),
      'the followers went on',
    );
    for (const { name } of PROJECTIONS) t.equal((await operations.verify(name, patient))?.equal, true, name);
  },
);

t.test('what came and went in different batches leaves nothing that a rebuild would not have', async (t) => {
  const { workspaceId, ownerId } = await test.foundWorkspace('other@example.com', 'Other');
  const invitee = test.invitee('guest@example.com');
  const invited = await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId));
  await test.caughtUp();
  await core.links.accept(linkOf(invited), 'Guest', contextOf(invitee.userId));
  await test.caughtUp();
  for (const { name } of PROJECTIONS) t.equal((await operations.verify(name, patient))?.equal, true, name);
});

t.test('a rebuilt table has every index and constraint that the live one has', async (t) => {
  for (const { name, schema } of PROJECTIONS) {
    const shape = async (of: string) => {
      const { rows } = await core.pool.query(
        `select regexp_replace(indexdef, '${schema}\\w*\\.', '') as index from pg_indexes where schemaname = $1 order by 1`,
        [of],
      );
      return { indexes: rows, constraints: await constraintsOf(core.db, of) };
    };
    t.strictSame(await shape(schema), await shape(`${schema}__previous`), name);
    await operations.drop(name, 'previous', patient);
  }
});

t.test('a rebuild has no effect but on its tables: no job is put into the queue', async (t) => {
  await test.caughtUp();
  const before = await jobs();
  t.ok(before.length > 0);
  for (const { name } of PROJECTIONS) await operations.rebuild(name, { ...patient, restart: true });
  t.strictSame(await jobs(), before);
  for (const { name } of PROJECTIONS) await operations.drop(name, 'next', patient);
});

t.test('one that is interrupted goes on from where it was, and can be dropped instead', async (t) => {
  const interrupting = new AbortController();
  const first = await operations.rebuild('users-tab', {
    signal: interrupting.signal,
    onProgress: () => interrupting.abort(),
  });
  t.strictSame(first, { state: 'interrupted' });
  const begun = (await operations.list())[0]?.next;
  t.ok(begun && begun.progress.events > 0 && begun.progress.share < 1);
  t.ok(begun && begun.progress.total > begun.progress.events);

  let firstTold: number | undefined;
  const second = await operations.rebuild('users-tab', {
    ...patient,
    onProgress: ({ events }) => {
      firstTold ??= events;
    },
  });
  t.ok(firstTold !== undefined && begun && firstTold > begun.progress.events, 'it does not begin anew');
  t.equal(second.state === 'built' && second.comparison.equal, true);

  await operations.drop('users-tab', 'next', patient);
  t.equal((await operations.list())[0]?.next, null);
  t.equal(await readCheckpoint(core.db, 'users-tab:next'), undefined);
  await t.rejects(operations.drop('users-tab', 'next', patient), { code: 'nothing-built' });
});

t.test('of two rebuilds of one projection, the second is told that there is one', async (t) => {
  await test.caughtUp();
  const { first } = await holding(core.pool, 'lock table users_tab.counts in access exclusive mode', async () => {
    const first = operations.rebuild('users-tab', { ...patient, restart: true });
    await untilHeld(core.pool, 'from "users_tab"."counts"');
    await t.rejects(operations.rebuild('users-tab', patient), { code: 'projection-work-under-way' });
    return { first };
  });
  t.match(await first, { state: 'built' });
  await operations.drop('users-tab', 'next', patient);
});

t.test('a row that is not what the log says is found and shown, and nothing is switched', async (t) => {
  await test.caughtUp();
  await core.pool.query('update users_tab.users set email = $1 where user_id = $2', ['x@example.com', founded.ownerId]);

  const found = await operations.verify('users-tab', patient);
  t.equal(found?.equal, false);
  const users = found?.tables.find(({ table }) => table === 'users');
  t.equal(users?.differences.length, 1);
  t.match(users?.differences[0], { live: { email: 'x@example.com' }, built: { email: 'owner@example.com' } });
  t.equal(found?.tables.find(({ table }) => table === 'counts')?.equal, true);

  await t.rejects(operations.rebuild('users-tab', { ...patient, switch: true }), {
    code: 'tables-differ',
    comparison: { equal: false },
  });
  t.equal((await core.usersTab.get(founded.workspaceId, founded.ownerId))?.email, 'x@example.com');
  const mended = await operations.switch('users-tab', { ...patient, switchOnDifference: true });
  t.equal(mended.state, 'switched');
  t.equal((await core.usersTab.get(founded.workspaceId, founded.ownerId))?.email, 'owner@example.com');
  await operations.drop('users-tab', 'previous', patient);
});

t.test('rows that are missing or too many are found as well', async (t) => {
  await core.pool.query('delete from workspaces.accounts where user_id = $1', [founded.ownerId]);
  await core.pool.query(`insert into workspaces.accounts values ('nobody', 'Nobody')`);
  const found = await operations.verify('workspaces', patient);
  const accounts = found?.tables.find(({ table }) => table === 'accounts');
  t.strictSame(
    accounts?.differences.map(({ live, built }) => [live !== null, built !== null]),
    [
      [false, true],
      [true, false],
    ].sort(() => (founded.ownerId < 'nobody' ? 0 : -1)),
  );
  t.equal(accounts?.live?.rows, accounts?.built?.rows);
  await operations.rebuild('workspaces', { ...patient, switch: true, switchOnDifference: true });
  t.equal((await operations.verify('workspaces', patient))?.equal, true);
});
