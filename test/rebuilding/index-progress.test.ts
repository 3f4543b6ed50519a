import { isDeepStrictEqual } from 'node:util';
import t from 'tap';

import { START } from '../../src/event-store/event-store.js';
import { moveCheckpoint } from '../../src/projecting/checkpoint.js';
import { ensureTables } from '../../src/projecting/project.js';
import { progressIn } from '../../src/rebuilding/index-progress.js';
import type { Progress } from '../../src/rebuilding/standing.js';
import { openTestCore } from '../support/core.js';
import { holding, untilHeld } from '../support/holding.js';
import { until } from '../support/until.js';
import { gated, SHUT_GATE } from './gate.js';
import { write } from './numbered.js';
import { operationsOn, patient } from './support.js';

/** Enough rows for several blocks of a table. */
const STREAMS = 600;

/** An index of them gets so far. */
const LAST = 500;

const test = await openTestCore(t);
const { db, store, pool } = test.core;
const projection = gated(String(LAST));
await ensureTables(projection, db);
for (let number = 0; number < STREAMS; number++) await write(store, String(number), [number]);
await moveCheckpoint(db, 'numbered', START, await store.head());

t.test('what Postgres calls its phases is told in four words', async (t) => {
  const blocks = { blocksDone: 5, blocksTotal: 20, tuplesDone: 0, tuplesTotal: 0 };
  const tuples = { blocksDone: 0, blocksTotal: 0, tuplesDone: 7, tuplesTotal: 6 };
  const nothing = { done: 0, total: 0 };
  // As seen of Postgres 18, of a b-tree and of an index of words.
  for (const [phase, counts, expected] of [
    ['initializing', blocks, { phase: 'starting', ...nothing, unit: 'blocks' }],
    ['building index', blocks, { phase: 'scanning', done: 5, total: 20, unit: 'blocks' }],
    ['building index: scanning table', blocks, { phase: 'scanning', done: 5, total: 20, unit: 'blocks' }],
    ['building index: sorting live tuples', blocks, { phase: 'sorting', ...nothing, unit: 'tuples' }],
    ['building index: sorting tuples (workers)', blocks, { phase: 'sorting', ...nothing, unit: 'tuples' }],
    ['building index: loading tuples in tree', tuples, { phase: 'loading', done: 6, total: 6, unit: 'tuples' }],
    ['building index: merging tuples (workers)', blocks, { phase: 'loading', ...nothing, unit: 'tuples' }],
    ['building index: merging tuples', tuples, { phase: 'loading', done: 6, total: 6, unit: 'tuples' }],
  ] as const) {
    t.strictSame(progressIn({ phase, ...counts }), expected, phase);
  }
});

t.test('while an index is made, it is told how far it is', async (t) => {
  const seen: Progress[] = [];
  const operations = operationsOn(test, [projection]);
  const workedOn = async () => (await operations.list())[0]?.workedOn;
  t.equal(await workedOn(), false);
  const rebuilding = await holding(pool, SHUT_GATE, async () => {
    const outcome = operations.rebuild('numbered', {
      ...patient,
      onProgress: (progress) => seen.push(progress),
    });
    await untilHeld(pool, 'create index');
    const listed = (await operations.list())[0]?.next?.progress;
    const { index = null } = listed ?? {};
    t.match(listed, { phase: 'indexing', step: null, events: STREAMS, share: 1 });
    t.match(index, { phase: 'scanning', unit: 'blocks' }, 'it reads the table');
    t.ok(index && index.total > 2 && index.done > 0 && index.done < index.total, `${index?.done} of ${index?.total}`);
    t.equal(await workedOn(), true, 'whoever lists projections sees that somebody is at it');
    await until(() => isDeepStrictEqual(seen.at(-1)?.index, index), 'whoever rebuilds is told the same');
    const { step, phase } = seen.at(-1) ?? {};
    t.equal(phase, 'indexing');
    t.equal(step?.number, step?.of, 'it is the last');
    return { outcome };
  });
  t.match(await rebuilding.outcome, { state: 'built' });
  t.ok(await until(async () => !(await workedOn()), 'the lock is free again'));
  t.equal(seen.at(-1)?.phase, 'comparing', 'nothing is told of an index once the next phase has begun');
});

t.test('so it is while keys are made in the midst of a build that goes on', async (t) => {
  const operations = operationsOn(test, [{ ...projection, indexesOfApply: ['streams_gated'] }]);
  const stopping = new AbortController();
  const outcome = await operations.rebuild('numbered', {
    signal: stopping.signal,
    restart: true,
    onProgress: ({ events }) => events > LAST && stopping.abort(),
  });
  t.strictSame(outcome, { state: 'interrupted' });
  const seen: Progress[] = [];
  const rebuilding = await holding(pool, SHUT_GATE, async () => {
    const outcome = operations.rebuild('numbered', { ...patient, onProgress: (progress) => seen.push(progress) });
    await untilHeld(pool, 'create index streams_gated');
    const told = await until(() => seen.find(({ index }) => index?.phase === 'scanning'), 'it is told');
    t.match(told, { phase: 'indexing', step: null });
    return { outcome };
  });
  t.match(await rebuilding.outcome, { state: 'built' });
  t.ok(
    seen.some(({ phase }) => phase === 'reading'),
    'then it goes on reading',
  );
});
