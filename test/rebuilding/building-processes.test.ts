import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t from 'tap';

import { ensureTables, projecting } from '../../src/projecting/project.js';
import { BackgroundWork, type Work } from '../../src/rebuilding/background-work.js';
import { BuildingProcesses } from '../../src/rebuilding/building-processes.js';
import { runInProcess } from '../../src/rebuilding/run-in-process.js';
import type { Progress } from '../../src/rebuilding/standing.js';
import { alone } from '../../src/rebuilding/work-lock.js';
import { follow, openTestCore } from '../support/core.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import type { NumberedSettings, Trouble } from './numbered-process.js';
import { type ProcessGate, shutGate } from './process-gate.js';
import { operationsOn, patient } from './support.js';

const MODULE = new URL('./numbered-process.js', import.meta.url);
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

const MEMORY = 64;

function processes(trouble?: Trouble, module = MODULE): BuildingProcesses<NumberedSettings> {
  const settings = { connectionString, ...(trouble ? { trouble } : {}) };
  return new BuildingProcesses({ module, settings, operations, logger, memory: MEMORY });
}

const built = async () => (await operations.list())[0]?.next?.progress.events ?? 0;

const connected = async () => {
  const { rows } = await pool.query(`select 1 from pg_stat_activity where application_name = 'numbered process'`);
  return rows.length > 0;
};

/** Those that a process has started; none where the system does not tell. */
function childrenOf(id: number): number[] {
  const path = `/proc/${id}/task/${id}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
}

const workOn = (background: BackgroundWork) =>
  until(async () => {
    const work = (await background.of('numbered')) as Work;
    return work.state !== 'running' && work;
  }, 'the work is over');

t.test('what a process does is told as it goes on, and its lines are lines of the service', async (t) => {
  const phases: unknown[] = [];
  const onProgress = ({ phase }: Progress) => void (phases.at(-1) === phase || phases.push(phase));
  const outcome = await processes().rebuild('numbered', { ...patient, onProgress, switch: true, by: 'olga' });
  t.match(outcome, { state: 'switched', comparison: { equal: true, tables: Array } });
  t.strictSame(phases, ['reading', 'indexing', 'comparing', 'switching']);
  t.match(await operations.journal('numbered', 1), [{ act: 'switched', by: 'olga' }]);
  t.match(lines, [{ level: 'warn', message: 'a process has begun' }]);
  const { err, ...fields } = { err: undefined as unknown, ...lines[0]?.fields };
  t.strictSame(fields, { projection: 'numbered', stream: 'tested-0' });
  t.ok(err instanceof Error);
  t.match(err, { name: 'RangeError', message: 'for the log', stack: /numbered-process/ });
  t.match(await processes().switchBack('numbered', patient), { state: 'switched' });
  await operations.drop('numbered', 'previous', patient);
  t.match(await processes().verify('numbered', patient), { equal: true });
  await until(async () => !(await connected()), 'its connections are closed');
});

t.test('what it fails with arrives by name, code and message, and what differs without what rows say', async (t) => {
  const poison = processes({ number: 150, what: 'cannot be projected' }).rebuild('numbered', patient);
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
  await t.rejects(processes().rebuild('numbered', { ...patient, switch: true }), {
    name: 'OperationRefused',
    code: 'tables-differ',
    comparison: { equal: false, tables: [{ table: 'streams', differences: [{ live: { stream: 'tested-0' } }] }] },
  });
  await pool.query(`update numbered.streams set events = events - 1 where stream = 'tested-0'`);
  await operations.drop('numbered', 'next', patient);
  await t.rejects(processes().switchBack('numbered', patient), { code: 'nothing-previous' });
});

const CRASHES = [
  ['throws where nobody catches', /crashed: nobody catches this\. What was built stays/],
  ['ends the process', /crashed: it ended with code 3\./],
  ['takes memory', /crashed: its memory was not enough\./],
] as const satisfies [Trouble['what'], RegExp][];

for (const [what, message] of CRASHES) {
  t.test(`a process that ${what} is told as failed work; the same goes on from what it had built`, async (t) => {
    const background = new BackgroundWork({ pool, db, process: core.instanceId, logger });
    t.teardown(() => background.stop());
    const rebuild = (building: BuildingProcesses<NumberedSettings>) =>
      background.start('numbered', { operation: 'rebuild', by: 'olga' }, (options) =>
        building.rebuild('numbered', options),
      );
    await rebuild(processes({ number: 250, what }));
    t.match(await workOn(background), { state: 'failed', error: { code: 'projection-work-crashed', message } });
    const before = await built();
    t.ok(before > 0 && before <= 250, `${before} events were built`);
    let least = EVENTS;
    await background.start('numbered', { operation: 'rebuild', by: 'olga' }, ({ signal }) =>
      processes().rebuild('numbered', {
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

t.test('who stops interrupts the process, and the same goes on from there', async (t) => {
  const { folder: gate, open, reached } = await shutGate(t);
  const background = new BackgroundWork({ pool, db, process: core.instanceId, logger });
  const building = processes({ number: 150, what: 'waits', gate });
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
  t.match(await processes().rebuild('numbered', patient), { state: 'built', comparison: { equal: true } });
  t.equal(await built(), EVENTS);
  await operations.drop('numbered', 'next', patient);
});

/** Starts a process that has another one build. @returns once that one waits at a gate */
async function started(gate: ProcessGate) {
  const arguments_ = [fileURLToPath(new URL('./starter.js', import.meta.url)), connectionString, gate.folder];
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  await gate.reached();
  return { pid: Number(child.pid), said };
}

t.test('who stops while the process begins interrupts it, too', async (t) => {
  const outcome = await runInProcess({
    module: MODULE,
    data: { work: { operation: 'rebuild', projection: 'numbered', request: {} }, settings: { connectionString } },
    memory: MEMORY,
    logger: silent,
    signal: AbortSignal.abort(),
    onProgress: () => {},
  });
  t.strictSame(outcome, { state: 'interrupted' });
  await operations.drop('numbered', 'next', patient);
});

t.test('a process that builds ends with the one that started it, and the same goes on from there', async (t) => {
  const gate = await shutGate(t);
  const { pid, said } = await started(gate);
  process.kill(pid, 'SIGKILL');
  t.equal(await said, '');
  t.ok(await connected(), 'it holds its event loop, and has not noticed');
  gate.open();
  await until(async () => !(await connected()), 'it is gone');
  const before = await built();
  t.ok(before < EVENTS, `${before} events were built`);
  t.match(await processes().rebuild('numbered', patient), { state: 'built', comparison: { equal: true } });
  await operations.drop('numbered', 'next', patient);
});

t.test('where a supervisor tells all processes to stop, it ends as the one wants that started it', async (t) => {
  const gate = await shutGate(t);
  const { pid, said } = await started(gate);
  for (const id of [...childrenOf(pid), pid]) process.kill(id, 'SIGTERM');
  gate.open();
  t.strictSame(JSON.parse(await said), { state: 'interrupted' });
  await until(async () => !(await connected()), 'its connections are closed');
  await operations.drop('numbered', 'next', patient);
});

t.test('who reads the log from its start waits for a turn, and says so; who switches does not wait', async (t) => {
  const { folder: gate, open, reached } = await shutGate(t);
  const building = processes({ number: 0, what: 'waits', gate });
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

t.test('no process is started for work that is not to be done', async (t) => {
  const building = processes(undefined, new URL('./there-is-no-such-process.js', import.meta.url));
  t.strictSame(await building.upgrade('numbered', patient), { state: 'up-to-date' });
  await alone(connectionString, 'numbered', patient.signal, async () => {
    await t.rejects(building.rebuild('numbered', patient), { name: 'WorkUnderWay', code: 'projection-work-under-way' });
  });
  await t.rejects(building.verify('nothing', patient), { code: 'unknown-projection' });
  await t.rejects(
    building.rebuild('numbered', patient),
    { code: 'projection-work-crashed', message: /ended with code 1/, cause: /there-is-no-such-process/ },
    'it would have been noticed',
  );
});
