import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';

import type { Following } from '../../src/projecting/follower.js';
import { ensureTables, projecting } from '../../src/projecting/project.js';
import type { ProjectionOperations } from '../../src/rebuilding/operations.js';
import { follow, openTestCore } from '../support/core.js';
import { holding, untilHeld } from '../support/holding.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import { operationsOn, patient } from './support.js';

const test = await openTestCore(t);
const { core } = test;
const { db, store } = core;

const first = numbered();
const second = numbered({ version: 2 });
await ensureTables(first, db);
const following = follow(core, projecting(first, db));
let upgraded: Following | undefined;
t.teardown(() => Promise.all([following.stop(), upgraded?.stop()]));

let written = 0;
async function writeMore(): Promise<void> {
  await write(store, String(written % 7), [written]);
  written++;
}
const projected = () => until(async () => (await readNumbered(db)).events === written, 'all is projected');

/** Does something while readers read all the time and events are written. @returns what they read, in order */
async function withReaders(action: () => Promise<unknown>): Promise<Awaited<ReturnType<typeof readNumbered>>[][]> {
  let done = false;
  const readers = Array.from({ length: 6 }, async () => {
    const seen = [];
    while (!done) seen.push(await readNumbered(db));
    return seen;
  });
  const writer = (async () => {
    while (!done) await writeMore().then(() => turn());
  })();
  await action().finally(() => {
    done = true;
  });
  await writer;
  return Promise.all(readers);
}

function neverMixed(t: Test, seen: Awaited<ReturnType<typeof withReaders>>): void {
  for (const reads of seen) {
    t.ok(reads.length > 10);
    t.strictSame(
      reads.filter(({ versions: [one, other] }) => one !== other),
      [],
      'nobody read one table of before and one of after',
    );
    const events = reads.map((read) => read.events);
    t.strictSame(
      events,
      [...events].sort((a, b) => a - b),
      'and nobody saw an event go away again',
    );
  }
}

t.test('readers see the old tables or the new, without an error, while switched to and fro', async (t) => {
  for (let i = 0; i < 200; i++) await writeMore();
  const operations: ProjectionOperations = operationsOn(test, [first]);
  await projected();
  const seen = await withReaders(async () => {
    for (let round = 0; round < 2; round++) {
      await operations.rebuild('numbered', { ...patient, switch: true });
      await operations.switchBack('numbered', patient);
      await operations.drop('numbered', 'previous', patient);
    }
  });
  neverMixed(t, seen);
  await projected();
  t.match(following.status(), { state: 'live' });
  t.equal((await operations.verify('numbered', patient))?.equal, true);
});

t.test('a table that is being vacuumed is waited for, and nobody waits behind that', async (t) => {
  const operations = operationsOn(test, [first]);
  const { switching } = await holding(
    core.pool,
    'lock table numbered.totals in share update exclusive mode',
    async () => {
      const switching = operations.rebuild('numbered', { ...patient, switch: true });
      await untilHeld(core.pool, 'share update exclusive');
      await writeMore();
      await projected();
      return { switching };
    },
  );
  t.match(await switching, { state: 'switched' });
  await operations.drop('numbered', 'previous', patient);
});

t.test('a new version is not switched to unless its difference is accepted, and then nobody reads a mix', async (t) => {
  const operations = operationsOn(test, [second]);
  await t.rejects(operations.rebuild('numbered', { ...patient, switch: true }), { code: 'tables-differ' });
  t.strictSame((await readNumbered(db)).versions, [1, 1]);

  const seen = await withReaders(() => operations.switch('numbered', { ...patient, switchOnDifference: true }));
  neverMixed(t, seen);
  t.strictSame((await readNumbered(db)).versions, [2, 2]);
  await until(() => following.status().error !== undefined, 'the program of the old version has stopped');
  t.match(following.status().error, /are of version 2, this program has version 1/);

  upgraded = follow(core, projecting(second, db));
  await following.stop();
  await projected();
  t.equal((await operations.verify('numbered', patient))?.equal, true);
});

t.test('going back brings the previous tables up to date first, and needs the program that made them', async (t) => {
  await writeMore();
  await projected();
  t.match(await operationsOn(test, [second]).list(), [{ version: 2, previous: { version: 1 } }]);
  await t.rejects(operationsOn(test, [second]).switchBack('numbered', patient), {
    code: 'projection-version-mismatch',
  });
  const [{ previous } = { previous: null }] = await operationsOn(test, [second]).list();
  t.ok(previous && previous.position < (await store.head()), 'the previous tables were not kept up to date');
  await operationsOn(test, [first]).switchBack('numbered', patient);
  t.strictSame(await readNumbered(db), { versions: [1, 1], events: written });
  await operationsOn(test, [first]).drop('numbered', 'previous', patient);
});

t.test('what was live is kept until it is dropped: nothing else is switched meanwhile', async (t) => {
  const operations = operationsOn(test, [first]);
  await operations.rebuild('numbered', { ...patient, switch: true });
  await t.rejects(operations.rebuild('numbered', { ...patient, switch: true }), { code: 'previous-exists' });
  await operations.rebuild('numbered', patient);
  await t.rejects(operations.switch('numbered', patient), { code: 'previous-exists' });
  await operations.drop('numbered', 'previous', patient);
  t.match(await operations.switch('numbered', patient), { state: 'switched' });
  await operations.drop('numbered', 'previous', patient);
  await t.rejects(operations.switchBack('numbered', patient), { code: 'nothing-previous' });
  await t.rejects(operations.switch('numbered', patient), { code: 'nothing-built' });
  await t.rejects(operations.rebuild('other', patient), { code: 'unknown-projection' });
});

t.test('a reader who never lets go of a table keeps the switch out, and nothing is changed', async (t) => {
  const operations = operationsOn(test, [first]);
  await operations.rebuild('numbered', patient);
  await holding(core.pool, 'select * from numbered.totals', async () => {
    const stopping = new AbortController();
    const switching = operations.switch('numbered', { signal: stopping.signal });
    await untilHeld(core.pool, 'access exclusive');
    stopping.abort();
    await t.rejects(switching, { code: 'switch-timed-out' });
  });
  t.match(await operations.list(), [{ next: { version: 1 }, previous: null }]);
  t.match(await operations.switch('numbered', patient), { state: 'switched' });
});
