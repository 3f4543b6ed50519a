import t from 'tap';

import { ensureTables, projecting } from '../../src/projecting/project.js';
import { BackgroundWork, type Work } from '../../src/rebuilding/background-work.js';
import { BuildingThreads } from '../../src/rebuilding/building-threads.js';
import type { Progress } from '../../src/rebuilding/standing.js';
import { alone } from '../../src/rebuilding/work-lock.js';
import { follow, openTestCore } from '../support/core.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import type { NumberedSettings, Trouble } from './numbered-thread.js';
import { operationsOn, patient } from './support.js';
import { shutGate } from './thread-gate.js';

const MODULE = new URL('./numbered-thread.js', import.meta.url);
const EVENTS = 300;

const test = await openTestCore(t);
const { core, url: connectionString } = test;
const { db, store, pool } = core;
const projection = numbered();
const operations = operationsOn(test, [projection]);
await ensureTables(projection, db);
const following = follow(core, projecting(projection, db));
t.teardown(() => following.stop());
for (let number = 0; number < EVENTS; number++) await write(store, String(number % 7), [number]);
await until(async () => (await readNumbered(db)).events === EVENTS, 'all is projected');

const lines: { readonly message: string; readonly level: string; readonly fields: object }[] = [];
const keeping = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
const logger = { ...silent, warn: keeping('warn'), error: keeping('error') };

const OF_A_THREAD = { maxOldGenerationSizeMb: 64 };

function threads(trouble?: Trouble, module = MODULE): BuildingThreads<NumberedSettings> {
  const settings = { connectionString, ...(trouble ? { trouble } : {}) };
  return new BuildingThreads({ module, settings, operations, logger, memory: OF_A_THREAD });
}

const built = async () => (await operations.list())[0]?.next?.progress.events ?? 0;

const workOn = (background: BackgroundWork) =>
  until(async () => {
    const work = (await background.of('numbered')) as Work;
    return work.state !== 'running' && work;
  }, 'the work is over');

t.test('what a thread does is told as it goes on, and its lines are lines of the service', async (t) => {
  const phases: unknown[] = [];
  const onProgress = ({ phase }: Progress) => void (phases.at(-1) === phase || phases.push(phase));
  const outcome = await threads().rebuild('numbered', { ...patient, onProgress, switch: true, by: 'olga' });
  t.match(outcome, { state: 'switched', comparison: { equal: true, tables: Array } });
  t.strictSame(phases, ['reading', 'indexing', 'comparing', 'switching']);
  t.match(await operations.journal('numbered', 1), [{ act: 'switched', by: 'olga' }]);
  t.match(lines, [{ level: 'warn', message: 'a thread has begun' }]);
  const { err, ...fields } = { err: undefined as unknown, ...lines[0]?.fields };
  t.strictSame(fields, { projection: 'numbered', stream: 'tested-0' });
  t.ok(err instanceof Error);
  t.match(err, { name: 'RangeError', message: 'for the log', stack: /numbered-thread/ });
  t.match(await threads().switchBack('numbered', patient), { state: 'switched' });
  await operations.drop('numbered', 'previous', patient);
  t.match(await threads().verify('numbered', patient), { equal: true });
  const { rows } = await pool.query(`select 1 from pg_stat_activity where application_name = 'numbered thread'`);
  t.strictSame(rows, [], 'its connections are closed');
});

t.test('what it fails with arrives by name, code and message, and what differs without what rows say', async (t) => {
  const poison = threads({ number: 150, what: 'cannot be projected' }).rebuild('numbered', patient);
  await t.rejects(poison, {
    name: 'PoisonEvent',
    code: 'poison-event',
    message: /numbered cannot deal with Tested, revision 21 .+: there is no such number$/,
    poison: { handler: 'Tested on numbered.streams', row: { stream: 'tested-3' } },
    cause: { name: 'RowFailure', cause: { name: 'TypeError' } },
  });
  t.match(await operations.list(), [{ next: { failure: { reason: 'there is no such number' } } }]);
  await operations.drop('numbered', 'next', patient);
  await pool.query(`update numbered.streams set events = events + 1 where stream = 'tested-0'`);
  await t.rejects(threads().rebuild('numbered', { ...patient, switch: true }), {
    name: 'OperationRefused',
    code: 'tables-differ',
    comparison: { equal: false, tables: [{ table: 'streams', differences: [{ live: { stream: 'tested-0' } }] }] },
  });
  await pool.query(`update numbered.streams set events = events - 1 where stream = 'tested-0'`);
  await operations.drop('numbered', 'next', patient);
  await t.rejects(threads().switchBack('numbered', patient), { code: 'nothing-previous' });
});

const CRASHES = [
  ['throws where nobody catches', /crashed: nobody catches this\. What was built stays/],
  ['ends the thread', /crashed: it ended before its work was done\./],
  ['takes memory', /crashed: its memory was not enough\./],
] as const satisfies [Trouble['what'], RegExp][];

for (const [what, message] of CRASHES) {
  t.test(`a thread that ${what} is told as failed work; the same goes on from what it had built`, async (t) => {
    const background = new BackgroundWork({ pool, db, process: core.instanceId, logger });
    t.teardown(() => background.stop());
    const rebuild = (building: BuildingThreads<NumberedSettings>) =>
      background.start('numbered', { operation: 'rebuild', by: 'olga' }, (options) =>
        building.rebuild('numbered', options),
      );
    await rebuild(threads({ number: 250, what }));
    t.match(await workOn(background), { state: 'failed', error: { code: 'projection-work-crashed', message } });
    const before = await built();
    t.ok(before > 0 && before <= 250, `${before} events were built`);
    let least = EVENTS;
    await background.start('numbered', { operation: 'rebuild', by: 'olga' }, ({ signal }) =>
      threads().rebuild('numbered', {
        signal,
        onProgress: ({ events }) => {
          least = Math.min(least, events);
        },
      }),
    );
    t.match(await workOn(background), { state: 'done', result: { state: 'built', comparison: { equal: true } } });
    t.ok(least >= before, 'nothing was built twice');
    await operations.drop('numbered', 'next', patient);
  });
}

t.test('who stops interrupts the thread, and the same goes on from there', async (t) => {
  const { shared: gate, open, reached } = shutGate(t);
  const background = new BackgroundWork({ pool, db, process: core.instanceId, logger });
  const building = threads({ number: 150, what: 'waits', gate });
  await background.start('numbered', { operation: 'rebuild', by: 'olga' }, (options) =>
    building.rebuild('numbered', options),
  );
  await reached();
  const stopped = background.stop();
  open();
  await stopped;
  t.match(await background.of('numbered'), { state: 'interrupted', result: { state: 'interrupted' } });
  const before = await built();
  t.ok(before > 0 && before < EVENTS, `${before} events were built`);
  t.match(await threads().rebuild('numbered', patient), { state: 'built', comparison: { equal: true } });
  t.equal(await built(), EVENTS);
  await operations.drop('numbered', 'next', patient);
});

t.test('who reads the log from its start waits for a turn, and says so; who switches does not wait', async (t) => {
  const { shared: gate, open, reached } = shutGate(t);
  const building = threads({ number: 0, what: 'waits', gate });
  const rebuilding = building.rebuild('numbered', patient);
  await reached();
  const phases: unknown[] = [];
  const onProgress = ({ phase, share }: Progress) => void phases.push([phase, share]);
  const leaving = new AbortController();
  const left = building.verify('numbered', { signal: leaving.signal });
  const waiting = building.verify('numbered', { ...patient, onProgress });
  t.strictSame(phases, [['waiting', 0]]);
  leaving.abort();
  t.equal(await left, undefined, 'who waits can be interrupted');
  await t.rejects(building.switch('numbered', patient), { code: 'projection-work-under-way' });
  t.equal(phases.length, 1);
  open();
  t.match(await rebuilding, { state: 'built', comparison: { equal: true } });
  t.match(await waiting, { equal: true }, 'the one behind who left has its turn');
  await operations.drop('numbered', 'next', patient);
});

t.test('no thread is started for work that is not to be done', async (t) => {
  const building = threads(undefined, new URL('./there-is-no-such-thread.js', import.meta.url));
  t.strictSame(await building.upgrade('numbered', patient), { state: 'up-to-date' });
  await alone(connectionString, 'numbered', patient.signal, async () => {
    await t.rejects(building.rebuild('numbered', patient), { name: 'WorkUnderWay', code: 'projection-work-under-way' });
  });
  await t.rejects(building.verify('nothing', patient), { code: 'unknown-projection' });
  await t.rejects(
    building.rebuild('numbered', patient),
    { code: 'projection-work-crashed', message: /there-is-no-such-thread/ },
    'it would have been noticed',
  );
});
