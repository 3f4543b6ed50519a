import { sql } from 'kysely';
import t from 'tap';

import { ensureTables, projecting } from '../../src/projecting/project.js';
import { Upgrading } from '../../src/rebuilding/upgrading.js';
import { follow, openTestCore } from '../support/core.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import { operationsOn, patient } from './support.js';

const test = await openTestCore(t);
const { core } = test;
const { db, store } = core;
const [first, second, third] = [1, 2, 3].map((version) => numbered({ version })) as [
  ReturnType<typeof numbered>,
  ReturnType<typeof numbered>,
  ReturnType<typeof numbered>,
];

/** What an instance of a program runs: its follower, and what upgrades. */
function instance(projection: typeof first) {
  const following = follow(core, projecting(projection, db));
  const operations = operationsOn(test, [projection]);
  const upgrading = new Upgrading({ building: operations, projections: ['numbered'], logger: silent });
  upgrading.start();
  const stop = () => Promise.all([following.stop(), upgrading.stop()]);
  t.teardown(stop);
  return { following, operations, stop };
}

const standing = async () => (await operationsOn(test, [second]).list())[0];

await ensureTables(first, db);
const old = instance(first);
for (let number = 0; number < 300; number++) await write(store, String(number % 7), [number]);
await until(async () => (await readNumbered(db)).events === 300, 'all is projected');

t.test(
  'a newer program builds its tables beside the live ones and switches; readers see one version or the other',
  async (t) => {
    let done = false;
    const seen = new Set<string>();
    const reading = (async () => {
      while (!done) seen.add((await readNumbered(db)).versions.join());
      // The last one may have been asked before the switch.
      seen.add((await readNumbered(db)).versions.join());
    })();
    const writing = (async () => {
      for (let number = 300; number < 400; number++) await write(store, String(number % 7), [number]);
    })();
    const newer = [instance(second), instance(second)];
    await until(async () => (await standing())?.version === 2, 'it is switched');
    await writing;
    await until(async () => (await readNumbered(db)).events === 400, 'everything is projected');
    done = true;
    await reading;
    t.strictSame([...seen].sort(), ['1,1', '2,2']);
    t.match(await standing(), { version: 2, next: null, previous: { version: 1 } });
    // Who leads notices with its next batch.
    await write(store, '0', [400]);
    await until(() => newer.some(({ following }) => following.status().state === 'live'), 'the newer program follows');
    await until(() => old.following.status().error !== undefined, 'the older program says why it stands by');
    t.match(old.following.status(), { state: 'standing-by', error: /are of version 2, this program has version 1/ });
    t.match(await newer[0]?.operations.verify('numbered', patient), { equal: true });
    t.match(await old.operations.upgrade('numbered', patient), { state: 'newer' }, 'an older program touches nothing');
    await Promise.all(newer.map(({ stop }) => stop()));
  },
);

t.test('whoever switches back is not switched forth again, until the tables are dropped', async (t) => {
  await old.operations.switchBack('numbered', patient);
  t.match(await standing(), { version: 1, previous: { version: 2 } });
  const { operations } = instance(second);
  t.match(await operations.upgrade('numbered', patient), { state: 'gone-back' });
  await operations.drop('numbered', 'previous', patient);
  await until(async () => (await standing())?.version === 2, 'it is switched again');
});

t.test('the next version takes the place of the previous tables, and what an older one had begun', async (t) => {
  await operationsOn(test, [second]).rebuild('numbered', patient);
  t.match(await standing(), { version: 2, next: { version: 2 }, previous: { version: 1 } });
  const outcome = await operationsOn(test, [third]).upgrade('numbered', patient);
  t.match(outcome, { state: 'switched', comparison: { equal: false } });
  t.match(await standing(), { version: 3, next: null, previous: { version: 2 } });
  t.strictSame(await readNumbered(db), { versions: [3, 3], events: 401 });
});

t.test('what an upgrade fails at is known until it has succeeded', async (t) => {
  const own = await openTestCore(t);
  let isBroken = true;
  const newer = numbered({
    version: 2,
    onEvent: () => {
      if (isBroken) throw new TypeError('not yet');
    },
  });
  await ensureTables(first, own.core.db);
  const following = follow(own.core, projecting(first, own.core.db));
  t.teardown(() => following.stop());
  await write(own.core.store, 'a', [1]);
  await until(async () => (await readNumbered(own.core.db)).events === 1, 'all is projected');
  const operations = operationsOn(own, [newer]);
  const upgrading = new Upgrading({ building: operations, projections: ['numbered'], logger: silent });
  t.teardown(() => upgrading.stop());
  upgrading.start();
  await until(() => upgrading.failureOf('numbered') === 'poison-event', 'it has failed');
  isBroken = false;
  await until(() => upgrading.failureOf('numbered') === undefined, 'it fails no longer');
  t.match(await operations.list(), [{ version: 2 }]);
});

t.test('a table that the next version has only as a view, for those of before, is not compared with it', async (t) => {
  const own = await openTestCore(t);
  const telling = (projection: typeof first, told: string) => ({
    ...projection,
    async createTables(tx: Parameters<typeof projection.createTables>[0]) {
      await projection.createTables(tx);
      await sql`create ${sql.raw(told)}`.execute(tx);
    },
  });
  await ensureTables(telling(first, 'table numbered.told (id integer)'), own.core.db);
  const newer = telling(second, 'view numbered.told as select 1 / 0 as id');
  const outcome = await operationsOn(own, [newer]).upgrade('numbered', patient);
  t.match(outcome, { state: 'switched', comparison: { equal: false } });
  const { comparison } = outcome as Extract<typeof outcome, { readonly comparison: unknown }>;
  const told = comparison.tables.find(({ table }) => table === 'told');
  t.match(told, { equal: false, live: { rows: 0 }, built: null, differences: [] });
});
