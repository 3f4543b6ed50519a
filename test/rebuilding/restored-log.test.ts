import { randomUUID } from 'node:crypto';
import t from 'tap';
import { addressStream, membershipStream } from '../../src/domain/streams.js';
import { Health } from '../../src/health.js';
import { readCheckpoints } from '../../src/projecting/checkpoint.js';
import { Following } from '../../src/projecting/follower.js';
import { ensureTables, projecting } from '../../src/projecting/project.js';
import { PROJECTIONS } from '../../src/projections.js';
import { REACTOR, reactor } from '../../src/reactor/reactor.js';
import { follow, openTestCore, type TestCore } from '../support/core.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import { liveOn, operationsOn, patient } from './support.js';

/** Takes the newest events away, as a restore of an older copy does. */
async function restoreOlderLog({ core: { pool } }: TestCore, events: number): Promise<void> {
  await pool.query(
    'delete from event_store.events where position > (select max(position) - $1 from event_store.events)',
    [events],
  );
}

t.test('a log that was restored from an older copy, and has grown past the checkpoints since', async (t) => {
  const test = await openTestCore(t, { followers: true });
  const { core, following } = test;
  const founded = await test.foundWorkspace();
  await liveOn(test, founded, 5);
  await test.caughtUp();
  for (const each of following) await each.stop();

  const operations = operationsOn(test);
  const health = () => new Health(core, () => []).ready();
  for (const { name, newerThanLog } of await operations.list()) t.notOk(newerThanLog, name);
  t.match(await health(), { ready: true });

  await restoreOlderLog(test, 4);
  const before = await readCheckpoints(core.db);
  await liveOn(test, await test.foundWorkspace('another@example.com', 'Other'), 5);
  t.ok((await core.store.head()) > (before.get(REACTOR)?.position ?? ''), 'positions alone tell nothing any more');

  await t.test('is noticed by whoever asks how things stand', async (t) => {
    for (const { name, newerThanLog } of await operations.list()) t.ok(newerThanLog, name);
    t.ok((await core.reactor.status()).newerThanLog, 'the reactor');
  });

  await t.test('takes readiness from every process, also from one that follows nothing', async (t) => {
    const { ready, checks } = await health();
    t.notOk(ready);
    for (const name of [...PROJECTIONS.map((each) => each.name), REACTOR]) {
      t.match(checks[name], { ok: false, detail: /^the log does not hold event .* restored from an older copy/ }, name);
    }
  });

  await t.test('has none of its events in the history of a workspace whose events stood there', async (t) => {
    const { auditHistory: history } = core;
    const differs = { code: 'history-differs-from-log' };
    const head = await history.head(founded.workspaceId);
    const whole = { order: 'oldest', limit: head.sequence } as const;
    await t.rejects(history.list(founded.workspaceId, whole), differs);
    await t.rejects(history.records(founded.workspaceId, {}, head).next(), differs);
    const { rows } = await history.list(founded.workspaceId, { ...whole, limit: 1 });
    t.match(rows, [{ sequence: 1, type: 'FounderJoined' }], 'what is still there is read');
  });

  await t.test('is refused by whatever would build on it', async (t) => {
    const refused = { code: 'foreign-position' };
    await t.rejects(operations.verify('users-tab', patient), refused);
    await t.rejects(operations.rebuild('users-tab', patient), refused);
    await t.rejects(operations.retry('users-tab', patient), refused);
  });

  await t.test('is followed by nobody: no gap is passed over in silence', async (t) => {
    const followers = [...PROJECTIONS.map((projection) => projecting(projection, core.db)), reactor(core.db)];
    for (const follower of followers) {
      const again = follow(core, follower);
      t.teardown(() => again.stop());
      await until(() => again.status().state === 'failing', `${follower.name} refuses`);
      t.match(again.status().error, /restored from an older copy/);
    }
    t.strictSame(await readCheckpoints(core.db), before);
  });
});

t.test('the tables that were switched away are known by their event too', async (t) => {
  const test = await openTestCore(t, { followers: true });
  await test.foundWorkspace();
  await test.caughtUp();
  const operations = operationsOn(test);
  t.match(await operations.rebuild('users-tab', { ...patient, switch: true }), { state: 'switched' });
  const checkpoints = await readCheckpoints(test.core.db);
  t.ok(checkpoints.get('users-tab:previous')?.witness);
  t.strictSame(checkpoints.get('users-tab:previous')?.witness, checkpoints.get('users-tab')?.witness);
});

t.test('a checkpoint that has moved past the events of others is known by the last of those', async (t) => {
  const test = await openTestCore(t, { followers: true });
  const { core } = test;
  const founded = await test.foundWorkspace();
  // No projection of memberships alone sees it, and nor does the reactor.
  await core.store.append(
    addressStream(founded.ownerId),
    [{ id: randomUUID(), type: 'AddressSuppressed', data: {}, metadata: {} }],
    'any',
  );
  await test.caughtUp();
  await Promise.all(test.following.map((each) => each.stop()));
  await restoreOlderLog(test, 1);
  await core.store.append(
    membershipStream({ workspaceId: founded.workspaceId, userId: core.newId() }),
    [{ id: randomUUID(), type: 'Tested', data: {}, metadata: {} }],
    'none',
  );
  t.ok((await core.reactor.status()).newerThanLog);
  for (const { name, newerThanLog } of await operationsOn(test).list()) t.ok(newerThanLog, name);
});

t.test('a follower that runs on while its log is restored stops before it writes', async (t) => {
  const test = await openTestCore(t);
  const { store, metrics: observer, db } = test.core;
  const projection = numbered();
  await ensureTables(projection, db);
  await write(store, 'a', [1, 2, 3]);
  const options = { store, connectionString: test.url, logger: silent, observer, sameLogFor: 0 };
  const following = new Following(projecting(projection, db), options);
  following.start();
  t.teardown(() => following.stop());
  await until(async () => (await readNumbered(db)).events === 3, 'it has caught up');

  await test.core.pool.query('begin; truncate event_store.events; commit');
  for (const stream of ['b', 'c', 'd', 'e', 'f']) await write(store, stream, [1]);
  await until(() => following.status().state === 'failing', 'it refuses');
  t.match(following.status().error, /restored from an older copy/);
  t.equal((await readNumbered(db)).events, 3);
});
