import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';

import { park, parkedCounts } from '../../src/projecting/parking.js';
import { ensureTables } from '../../src/projecting/project.js';
import type { Projection } from '../../src/projecting/projection.js';
import { openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import { operationsOn, patient } from './support.js';

const RETRIER = fileURLToPath(new URL('./retrier.js', import.meta.url));

const decision = { by: 'ops@example.com', reason: 'mended in 1.4' };

/** Streams of so many events, all of which wait. */
async function parked(
  t: Parameters<typeof openTestCore>[0],
  projection: Projection,
  streams: Readonly<Record<string, number>>,
) {
  const test = await openTestCore(t);
  const { db, store } = test.core;
  await ensureTables(projection, db);
  for (const [stream, events] of Object.entries(streams)) {
    await write(
      store,
      stream,
      Array.from({ length: events }, (_, number) => number),
    );
    await park(db, 'numbered', (await store.readStream(`tested-${stream}`)).events);
  }
  return { ...test, operations: operationsOn(test, [projection]) };
}

/** Cannot deal with some numbers. */
function brittle(poisonous: ReadonlySet<number>): Projection {
  return numbered({
    onEvent: (data) => {
      const { number } = data as { number: number };
      if (poisonous.has(number)) throw new TypeError(`${number} is not a number I like`);
    },
  });
}

t.test('a retry stands in the journal: whose, why, how many events, and what came of it', async (t) => {
  const poisonous = new Set([7]);
  const { operations } = await parked(t, brittle(poisonous), { a: 5, b: 10 });
  await operations.retry('numbered', { ...patient, ...decision });
  const [first] = await operations.journal('numbered', 10);
  t.match(first, { act: 'retried', ...decision, at: String });
  t.match(first?.detail, { streams: 2, replayed: 12, outcome: 'failed' });
  t.match(first?.detail, { failed: [{ type: 'Tested', stream: 'tested-b', revision: 7 }] });
  t.notMatch(JSON.stringify(first), 'not a number I like', 'what an event holds is not kept');

  poisonous.clear();
  await operations.retry('numbered', { ...patient, stream: 'tested-b' });
  const [second] = await operations.journal('numbered', 1);
  t.strictSame(
    { ...second, at: undefined },
    {
      act: 'retried',
      by: 'the service',
      at: undefined,
      reason: null,
      detail: { stream: 'tested-b', replayed: 3, outcome: 'retried' },
    },
  );
});

t.test('what is refused is not in the journal', async (t) => {
  const { operations } = await parked(t, numbered(), { a: 1 });
  await t.rejects(operations.retry('numbered', { ...patient, stream: 'tested-z' }), { code: 'nothing-parked' });
  await operations.pause('numbered');
  await t.rejects(operations.retry('numbered', patient), { code: 'projection-paused' });
  t.match(
    (await operations.journal('numbered', 10)).map(({ act }) => act),
    ['paused'],
  );
});

t.test('a skip tells what came of the events behind the one that was skipped', async (t) => {
  const { operations } = await parked(t, brittle(new Set([0, 3])), { a: 5 });
  await operations.skip('numbered', { ...patient, ...decision, stream: 'tested-a' });
  t.match(await operations.journal('numbered', 10), [
    { act: 'skipped', detail: { event: { revision: 0 }, replayed: 2, outcome: 'failed', failed: [{ revision: 3 }] } },
  ]);
});

t.test('one that is interrupted, or broken off by what is no fault of an event, says so', async (t) => {
  const interrupting = new AbortController();
  let isDown = true;
  const working = numbered({ onEvent: () => interrupting.abort() });
  const projection: Projection = {
    ...working,
    apply(tx, events) {
      if (isDown) throw Object.assign(new Error('the server is shut down'), { code: '57P01' });
      return working.apply(tx, events);
    },
  };
  const { operations, core } = await parked(t, projection, { a: 2, b: 2 });
  await t.rejects(operations.retry('numbered', { ...patient, ...decision }));
  const [broken] = await operations.journal('numbered', 1);
  t.strictSame(broken?.detail, { streams: 2, replayed: 0, outcome: 'broken-off', error: '57P01' });

  isDown = false;
  await operations.retry('numbered', { ...decision, signal: interrupting.signal });
  const [interrupted] = await operations.journal('numbered', 1);
  t.strictSame(interrupted?.detail, { streams: 2, replayed: 2, outcome: 'interrupted' });
  t.equal((await parkedCounts(core.db)).get('numbered')?.events, 2);
});

t.test('after a kill the journal knows exactly what was replayed, and that nobody finished it', async (t) => {
  const { operations, core, url } = await parked(t, numbered(), { a: 700 });
  const child = spawn(process.execPath, [RETRIER, url, '600'], { stdio: 'inherit' });
  await once(child, 'exit');
  t.equal(child.signalCode, 'SIGKILL');
  const { events } = await readNumbered(core.db);
  t.ok(events > 0 && events < 700, `${events} were replayed`);
  t.equal((await parkedCounts(core.db)).get('numbered')?.events, 700 - events);
  const [cutOff] = await operations.journal('numbered', 1);
  t.match(cutOff, { act: 'retried', ...decision });
  t.strictSame(cutOff?.detail, { streams: 1, replayed: events, outcome: null });

  await until(
    () =>
      operations.retry('numbered', { ...patient, ...decision }).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'projection-work-under-way') throw error;
          return false;
        },
      ),
    'the lock of the killed process is free',
  );
  t.equal((await readNumbered(core.db)).events, 700);
  const [rest] = await operations.journal('numbered', 1);
  t.strictSame(rest?.detail, { streams: 1, replayed: 700 - events, outcome: 'retried' });
});
