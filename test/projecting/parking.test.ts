import type { Kysely } from 'kysely';
import t from 'tap';

import { parkedCounts, readParkedStreams } from '../../src/projecting/parking.js';
import { ensureTables, projecting } from '../../src/projecting/project.js';
import { numbered, readNumbered, write } from '../rebuilding/numbered.js';
import { operationsOn, patient } from '../rebuilding/support.js';
import { follow, openTestCore } from '../support/core.js';
import { until } from '../support/until.js';

/** A projection that cannot deal with some numbers, as long as they are in the set. */
function brittle(poisonous: ReadonlySet<number>) {
  return numbered({
    onEvent: (data) => {
      const { number } = data as { number: number };
      if (poisonous.has(number)) throw new TypeError(`${number} is not a number I like`);
    },
  });
}

async function seen(db: Kysely<unknown>, events: number): Promise<void> {
  await until(async () => (await readNumbered(db)).events === events, `${events} events are projected`);
}

const verified = { equal: true };

t.test('a poison event parks its stream, the others go on, and a retry catches up in order', async (t) => {
  const test = await openTestCore(t);
  const { core } = test;
  const { db, store } = core;
  const poisonous = new Set([3, 5]);
  const projection = brittle(poisonous);
  await ensureTables(projection, db);
  // In one batch, before anybody follows: the event has to be found.
  for (let number = 0; number < 40; number++) await write(store, String(number % 4), [number]);
  const leader = follow(core, projecting(projection, db));
  t.teardown(() => leader.stop());
  await seen(db, 21);
  await until(() => leader.status().state === 'live', 'it is live, and not failing');

  const parked = await readParkedStreams(db, 'numbered', 10);
  t.match(parked, [
    {
      stream: 'tested-3',
      events: 10,
      tries: 1,
      first: { type: 'Tested', revision: 0 },
      failure: {
        handler: 'Tested on numbered.streams',
        row: { stream: 'tested-3' },
        reason: '3 is not a number I like',
      },
    },
    { stream: 'tested-1', events: 9, first: { revision: 1 }, failure: { reason: '5 is not a number I like' } },
  ]);
  t.strictSame(await parkedCounts(db), new Map([['numbered', { streams: 2, events: 19 }]]));

  await leader.stop();
  const heir = follow(core, projecting(projection, db));
  t.teardown(() => heir.stop());
  await write(store, '3', [40]);
  await write(store, '0', [41]);
  await seen(db, 22);
  t.equal((await parkedCounts(db)).get('numbered')?.events, 20, 'who takes over parks on');

  const operations = operationsOn(test, [projection]);
  const comparison = await operations.verify('numbered', patient);
  t.match(comparison, { ...verified, parked: { streams: 2, events: 20 } }, 'the rest is what the log says');

  const again = await operations.retry('numbered', patient);
  t.match(again, {
    state: 'failed',
    events: 0,
    failures: [{ reason: '3 is not a number I like' }, { reason: '5 is not a number I like' }],
  });
  t.equal((await readParkedStreams(db, 'numbered', 1))[0]?.tries, 2);

  poisonous.delete(3);
  t.match(await operations.retry('numbered', { ...patient, stream: 'tested-3' }), { state: 'retried', events: 11 });
  await write(store, '3', [42]);
  await seen(db, 34);
  t.strictSame(await parkedCounts(db), new Map([['numbered', { streams: 1, events: 9 }]]), 'it is followed again');

  poisonous.clear();
  t.match(await operations.retry('numbered', patient), { state: 'retried', events: 9, failures: [] });
  await t.rejects(operations.retry('numbered', patient), { code: 'nothing-parked' });
  await write(store, '1', [43]);
  await seen(db, 44);
  t.match(await operations.verify('numbered', patient), { ...verified, parked: { streams: 0, events: 0 } });
});

t.test('what is skipped is left out for good: the reason is kept, rebuilds and proofs honour it', async (t) => {
  const test = await openTestCore(t);
  const { core } = test;
  const { db, store } = core;
  const projection = brittle(new Set([2, 4]));
  await ensureTables(projection, db);
  const leader = follow(core, projecting(projection, db));
  t.teardown(() => leader.stop());
  await write(store, 'a', [1, 2, 3, 4, 5]);
  await write(store, 'b', [6]);
  await until(async () => (await parkedCounts(db)).get('numbered')?.events === 4, 'four are parked');

  const operations = operationsOn(test, [projection]);
  const decision = { ...patient, stream: 'tested-a', reason: 'a slip of the pen', by: 'operator@example.com' };
  const first = await operations.skip('numbered', decision);
  t.match(first.skipped, { revision: 1, reason: 'a slip of the pen', by: 'operator@example.com' });
  t.match(first.skipped.failure, { reason: '2 is not a number I like' }, 'what failed is kept with it');
  t.match(first.retried, { state: 'failed', events: 1, failures: [{ reason: '4 is not a number I like' }] });
  const second = await operations.skip('numbered', decision);
  t.match(second.retried, { state: 'retried', events: 1 });
  await t.rejects(operations.skip('numbered', decision), { code: 'nothing-parked' });

  t.match(await operations.verify('numbered', patient), { ...verified, skipped: 2 });
  const rebuilt = await operations.rebuild('numbered', { ...patient, switch: true });
  t.match(rebuilt, { state: 'switched', comparison: { equal: true, skipped: 2 } });
  await write(store, 'a', [7]);
  await seen(db, 5);
  const [standing] = await operations.list();
  t.match(standing, { parked: { streams: 0, events: 0, first: [] }, skipped: [{ revision: 3 }, { revision: 1 }] });
});

t.test('a skip that is taken back is in effect once the tables have been rebuilt', async (t) => {
  const test = await openTestCore(t);
  const { db, store } = test.core;
  const poisonous = new Set([2]);
  const projection = brittle(poisonous);
  await ensureTables(projection, db);
  const leader = follow(test.core, projecting(projection, db));
  t.teardown(() => leader.stop());
  await write(store, 'a', [1, 2, 3]);
  await until(async () => (await parkedCounts(db)).get('numbered')?.events === 2, 'two are parked');
  const operations = operationsOn(test, [projection]);
  const decision = { ...patient, reason: 'a slip of the pen', by: 'operator@example.com' };
  const { skipped } = await operations.skip('numbered', { ...decision, stream: 'tested-a' });
  poisonous.clear();

  await operations.rebuild('numbered', patient);
  const withdrawal = { ...patient, event: skipped.id, reason: 'the handler is mended', by: 'ops@example.com' };
  await t.rejects(operations.withdrawSkip('numbered', withdrawal), { code: 'rebuilt-without-event' });
  await operations.drop('numbered', 'next', patient);
  t.match(await operations.withdrawSkip('numbered', withdrawal), { id: skipped.id });
  await t.rejects(operations.withdrawSkip('numbered', withdrawal), { code: 'not-skipped' });
  await seen(db, 2);
  t.match(await operations.verify('numbered', patient), { equal: false, skipped: 0 });
  await operations.rebuild('numbered', { ...patient, switch: true, switchOnDifference: true, by: 'ops@example.com' });
  await seen(db, 3);
  t.match(await operations.verify('numbered', patient), { equal: true });
  t.match(await operations.journal('numbered', 10), [
    { act: 'switched', by: 'ops@example.com', detail: { from: 1, to: 1 } },
    {
      act: 'skip-withdrawn',
      by: 'ops@example.com',
      reason: 'the handler is mended',
      detail: { skipped: { reason: 'a slip of the pen' } },
    },
    { act: 'dropped', by: 'the service', detail: { tables: 'next' } },
    { act: 'skipped', by: 'operator@example.com', reason: 'a slip of the pen', detail: { event: { id: skipped.id } } },
  ]);
});

t.test('a rebuild with a mended handler takes the place of tables that lack what is parked, and back', async (t) => {
  const test = await openTestCore(t);
  const { core } = test;
  const { db, store } = core;
  const broken = brittle(new Set([2]));
  const mended = brittle(new Set());
  await ensureTables(broken, db);
  const leader = follow(core, projecting(broken, db));
  t.teardown(() => leader.stop());
  await write(store, 'a', [1, 2, 3]);
  await until(async () => (await parkedCounts(db)).get('numbered')?.events === 2, 'two are parked');

  await t.rejects(operationsOn(test, [broken]).rebuild('numbered', patient), { code: 'poison-event' });
  const operations = operationsOn(test, [mended]);
  const built = await operations.rebuild('numbered', patient);
  t.match(built, { state: 'built', comparison: { equal: false, parked: { streams: 1, events: 2 } } });
  const decision = { ...patient, stream: 'tested-a', reason: 'a slip of the pen', by: 'operator@example.com' };
  await t.rejects(operations.skip('numbered', decision), { code: 'rebuilt-with-event' });
  t.match(await operations.switch('numbered', { ...patient, switchOnDifference: true }), { state: 'switched' });
  await write(store, 'a', [4]);
  await seen(db, 4);

  await operations.switchBack('numbered', patient);
  await write(store, 'a', [5]);
  await until(async () => (await parkedCounts(db)).get('numbered')?.events === 4, 'the stream is parked as before');
  t.match(await operations.retry('numbered', patient), { state: 'retried', events: 4 });
  await seen(db, 5);
});

t.test('a stream that fails again holds up no other', async (t) => {
  const test = await openTestCore(t);
  const { db, store } = test.core;
  const poisonous = new Set([1, 2]);
  const projection = brittle(poisonous);
  await ensureTables(projection, db);
  const leader = follow(test.core, projecting(projection, db));
  t.teardown(() => leader.stop());
  for (const number of [1, 2]) await write(store, String(number), [number, 10 + number]);
  await until(async () => (await parkedCounts(db)).get('numbered')?.events === 4, 'both wait');
  poisonous.delete(2);
  const retried = await operationsOn(test, [projection]).retry('numbered', patient);
  t.match(retried, { state: 'failed', events: 2, failures: [{ event: { stream: 'tested-1' } }] });
  t.equal(retried.failures.length, 1);
  t.strictSame(await parkedCounts(db), new Map([['numbered', { streams: 1, events: 2 }]]));
});

t.test('a table that is not as the program knows it is no fault of the events: nothing is parked', async (t) => {
  const test = await openTestCore(t);
  const { db, store, pool } = test.core;
  const projection = numbered();
  await ensureTables(projection, db);
  await pool.query('alter table numbered.totals rename column events to happenings');
  await write(store, 'a', [1]);
  const leader = follow(test.core, projecting(projection, db));
  t.teardown(() => leader.stop());
  await until(() => leader.status().state === 'failing', 'it fails');
  t.match(leader.status().error, /column "events"/);
  t.strictSame(await parkedCounts(db), new Map());
  await pool.query('alter table numbered.totals rename column happenings to events');
  await seen(db, 1);
});

t.test('when everything fails, following stops instead of setting aside the whole log', async (t) => {
  const test = await openTestCore(t);
  const { db, store } = test.core;
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const poisonous = new Set(numbers);
  const projection = brittle(poisonous);
  await ensureTables(projection, db);
  for (const number of numbers) await write(store, String(number), [number]);
  const leader = follow(test.core, projecting(projection, db));
  t.teardown(() => leader.stop());
  await until(() => leader.status().state === 'failing', 'it fails');
  t.match(leader.status().error, /^20 streams of numbered were parked within a minute: .* is not a number I like/);
  t.equal((await parkedCounts(db)).get('numbered')?.streams, 20);

  await leader.stop();
  const heir = follow(test.core, projecting(projection, db));
  t.teardown(() => heir.stop());
  await until(() => heir.status().state === 'failing', 'another process does no better');
  t.equal((await parkedCounts(db)).get('numbered')?.streams, 20);

  poisonous.clear();
  const operations = operationsOn(test, [projection]);
  t.match(await operations.retry('numbered', patient), { state: 'retried', events: 20 });
  await seen(db, numbers.length);
  t.strictSame(await parkedCounts(db), new Map());
});

t.test('what is parked does not depend on how events are cut into batches', async (t) => {
  const outcomes = [];
  for (const size of [1, 3, 100]) {
    const test = await openTestCore(t);
    const { db, store } = test.core;
    const projection = brittle(new Set([4, 11, 12]));
    await ensureTables(projection, db);
    for (let number = 0; number < 20; number++) await write(store, String(number % 3), [number]);
    const follower = projecting(projection, db);
    let { position: from } = await follower.start();
    const events = (await Promise.all([0, 1, 2].map((each) => store.readStream(`tested-${each}`))))
      .flatMap((read) => read.events)
      .sort((one, other) => (one.position < other.position ? -1 : 1));
    for (let start = 0; start < events.length; start += size) {
      const batch = events.slice(start, start + size);
      const position = batch.at(-1)?.position ?? from;
      await follower.advance({ events: batch, position, caughtUp: false }, from);
      from = position;
    }
    const parked = await readParkedStreams(db, 'numbered', 10);
    outcomes.push({
      rows: await readNumbered(db),
      parked: parked.map(({ stream, events: waiting, first }) => [stream, waiting, first.revision]),
    });
  }
  t.strictSame(outcomes[0]?.parked, [
    ['tested-1', 6, 1],
    ['tested-2', 3, 3],
    ['tested-0', 3, 4],
  ]);
  t.strictSame(outcomes[1], outcomes[0]);
  t.strictSame(outcomes[2], outcomes[0]);
});
