import t from 'tap';

import { BackgroundWork } from '../../src/rebuilding/background-work.js';
import { openTestCore } from '../support/core.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';

const { core } = await openTestCore(t);
const processNamed = (name: string) =>
  new BackgroundWork({ pool: core.pool, db: core.db, process: name, logger: silent });
const progress = {
  phase: 'reading' as const,
  step: null,
  index: null,
  events: 5,
  total: 10,
  share: 0.5,
  rate: 5,
  eta: 1,
};
const asked = { operation: 'rebuild', by: 'operator:olga' };

t.test('any process tells how far a piece of work is, and what came of it', async (t) => {
  const one = processNamed(core.instanceId);
  const other = processNamed('another');
  t.equal(await other.of('one'), null);
  let finish = (_result: object) => {};
  await one.start('one', asked, ({ onProgress }) => {
    onProgress?.(progress);
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  const told = await until(async () => {
    const work = await other.of('one');
    return work?.progress && work;
  }, 'how far it is');
  t.match(told, { ...asked, state: 'running', endedAt: null, progress });
  await t.rejects(
    other.start('one', asked, async () => ({})),
    { code: 'projection-work-under-way' },
  );
  finish({ state: 'built' });
  await one.stop();
  t.match(await other.of('one'), { state: 'interrupted', endedAt: String, result: { state: 'built' } });
});

t.test('what a killed process was doing counts as interrupted, and can be begun again', async (t) => {
  const killed = processNamed('nobody announced this one');
  const { startedAt } = await killed.start('two', asked, ({ signal }) => {
    const ended = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    return ended;
  });
  const other = processNamed(core.instanceId);
  t.match(await other.of('two'), { state: 'interrupted', endedAt: null, startedAt });
  await other.start('two', { ...asked, operation: 'verify' }, async () => ({ equal: true }));
  await until(async () => (await other.of('two'))?.state === 'done', 'the work is done');
  await killed.stop();
  t.match(
    await other.of('two'),
    { operation: 'verify', state: 'done', result: { equal: true }, error: null },
    'its late word changes nothing',
  );
});

t.test('of two processes that begin at once, one does', async (t) => {
  const works = [processNamed(core.instanceId), processNamed(core.instanceId), processNamed(core.instanceId)];
  let begun = 0;
  const outcomes = await Promise.allSettled(
    works.map((work) =>
      work.start('three', asked, async ({ signal }) => {
        begun += 1;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return undefined;
      }),
    ),
  );
  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  t.equal(begun, 1);
  await Promise.all(works.map((work) => work.stop()));
});
