import { randomUUID } from 'node:crypto';
import t from 'tap';

import { usersTab } from '../../projections/users-tab/projection.js';
import { createPool } from '../../src/database/pool.js';
import { openEventStore } from '../../src/event-store/open.js';
import { Following } from '../../src/projecting/follower.js';
import { parkedCounts } from '../../src/projecting/parking.js';
import { ensureTables, projecting } from '../../src/projecting/project.js';
import { PROJECTIONS } from '../../src/projections.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import { follow, openTestCore } from '../support/core.js';
import { Eventstored, skipWithoutEventStoreDB } from '../support/eventstored.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import { liveOn, operationsOn, patient } from './support.js';

t.test('what operators do, on EventStoreDB', { skip: skipWithoutEventStoreDB({ controlled: true }) }, async (t) => {
  const server = await Eventstored.start();
  t.teardown(() => server.remove());
  const test = await openTestCore(t, { followers: true, eventStore: server.connectionString });
  const { core, url } = test;
  const { db, store } = core;
  const founded = await test.foundWorkspace();
  await liveOn(test, founded, 30);
  await test.caughtUp();

  await t.test('every projection is rebuilt while people go on, proved equal, and switched', async (t) => {
    const operations = operationsOn(test);
    for (const { name } of PROJECTIONS) {
      const [outcome] = await Promise.all([
        operations.rebuild(name, { ...patient, switch: true }),
        liveOn(test, founded, 5),
      ]);
      t.match(outcome, { state: 'switched', comparison: { equal: true } }, name);
    }
    await test.caughtUp();
    for (const { name } of PROJECTIONS) t.match(await core.building.verify(name, patient), { equal: true }, name);
  });

  await t.test('a poison event parks its stream; it is retried, and one is skipped for good', async (t) => {
    const poisonous = new Set([3, 5]);
    const projection = numbered({
      onEvent: (data) => {
        if (poisonous.has((data as { number: number }).number)) throw new TypeError('not a number I like');
      },
    });
    await ensureTables(projection, db);
    for (let number = 0; number < 20; number++) await write(store, String(number % 4), [number]);
    const leader = follow(core, projecting(projection, db));
    t.teardown(() => leader.stop());
    await until(async () => (await readNumbered(db)).events === 11, 'the other streams are projected');
    t.strictSame(await parkedCounts(db), new Map([['numbered', { streams: 2, events: 9 }]]));

    const operations = operationsOn(test, [projection]);
    poisonous.delete(3);
    const retried = await operations.retry('numbered', { ...patient, stream: 'tested-3' });
    t.match(retried, { state: 'retried', events: 5 });
    const decision = { stream: 'tested-1', reason: 'a test', by: 'olga' };
    const skipped = await operations.skip('numbered', { ...patient, ...decision });
    t.match(skipped, { skipped: { stream: 'tested-1', revision: 1 }, retried: { state: 'retried', events: 3 } });
    t.equal((await readNumbered(db)).events, 19);
    t.match(await operations.verify('numbered', patient), { equal: true });
  });

  await t.test('a new version of a projection builds itself and switches', async (t) => {
    const newer = numbered({ version: 2 });
    const operations = operationsOn(test, [newer]);
    t.match(await operations.upgrade('numbered', patient), { state: 'switched' });
    t.strictSame(await readNumbered(db), { versions: [2, 2], events: 19 });
    t.match(await operations.verify('numbered', patient), { equal: true });
  });

  await t.test('a log that is older than the read model, as after a restore, is noticed and refused', async (t) => {
    const restored = await Eventstored.start();
    t.teardown(() => restored.remove());
    const pool = createPool({ connectionString: url, name: 'restored', logger: silent });
    t.teardown(() => pool.end());
    const older = await openEventStore(restored.connectionString, { pool, logger: silent });
    t.teardown(() => older.close());
    const operations = new ProjectionOperations({ db, store: older, connectionString: url, projections: PROJECTIONS });
    for (const standing of await operations.list()) t.ok(standing.newerThanLog, standing.name);
    await t.rejects(operations.verify('users-tab', patient), { code: 'foreign-position' });

    // It grows past every checkpoint: positions tell nothing any more, and none of them need be where an event begins.
    const head = await store.head();
    const padding = 'x'.repeat(1_000);
    while ((await older.head()) <= head) {
      const events = Array.from({ length: 200 }, () => ({
        id: randomUUID(),
        type: 'Tested',
        data: { padding },
        metadata: {},
      }));
      await older.append('tested-0', events, 'any');
    }
    for (const standing of await operations.list())
      t.ok(standing.newerThanLog, `${standing.name}, though the log grew`);
    await t.rejects(operations.verify('users-tab', patient), { code: 'foreign-position' });
    const follower = new Following(projecting(usersTab, db), {
      store: older,
      connectionString: url,
      logger: silent,
      observer: core.metrics,
    });
    await Promise.all(test.following.map((each) => each.stop()));
    follower.start();
    t.teardown(() => follower.stop());
    await until(() => follower.status().state === 'failing', 'nobody follows it');
    t.match(follower.status().error, /restored from an older copy/);
  });
});
