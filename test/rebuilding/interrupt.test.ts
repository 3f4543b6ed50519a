import t from 'tap';

import { ensureTables, projecting } from '../../src/projecting/project.js';
import type { Progress } from '../../src/rebuilding/standing.js';
import { follow, openTestCore } from '../support/core.js';
import { holding, untilHeld } from '../support/holding.js';
import { until } from '../support/until.js';
import { gated, SHUT_GATE } from './gate.js';
import { readNumbered, write } from './numbered.js';
import { operationsOn, patient } from './support.js';

const test = await openTestCore(t);
const { db, store, pool } = test.core;
const projection = gated('0');
await ensureTables(projection, db);
const following = follow(test.core, projecting(projection, db));
t.teardown(() => following.stop());
for (let number = 0; number < 20; number++) await write(store, String(number % 3), [number]);
await until(async () => (await readNumbered(db)).events === 20, 'all is projected');
const operations = operationsOn(test, [projection]);

/** Rebuilds while something is held that it needs, and interrupts it when it waits there. */
async function interruptedWhile(hold: string, held: string): Promise<{ outcome: unknown; seen: Progress[] }> {
  return holding(pool, hold, async () => {
    const stopping = new AbortController();
    const seen: Progress[] = [];
    const rebuilding = operations.rebuild('numbered', {
      signal: stopping.signal,
      onProgress: (progress) => seen.push(progress),
    });
    await untilHeld(pool, held);
    stopping.abort();
    // What it waits for is held still: it ends because it is broken off.
    return { outcome: await rebuilding, seen };
  });
}

t.test('a rebuild is interrupted while it makes indexes, and goes on from there', async (t) => {
  const { outcome, seen } = await interruptedWhile(SHUT_GATE, 'create index');
  t.strictSame(outcome, { state: 'interrupted' });
  t.equal(seen.at(-1)?.phase, 'indexing');
  const last = seen.find(({ step }) => step?.number === 5);
  t.strictSame(last, {
    phase: 'indexing',
    step: { number: 5, of: 5 },
    index: null,
    events: 20,
    total: 20,
    share: 1,
    rate: 0,
    eta: null,
  });
});

t.test('and while it compares', async (t) => {
  const hold = 'lock table numbered.totals in access exclusive mode';
  const { outcome, seen } = await interruptedWhile(hold, 'from "numbered"."totals"');
  t.strictSame(outcome, { state: 'interrupted' });
  t.equal(seen.at(-1)?.phase, 'comparing');
});

t.test('then it is finished, proved and switched, in phases that are told', async (t) => {
  const phases: unknown[] = [];
  const onProgress = ({ phase }: Progress) => void (phases.at(-1) === phase || phases.push(phase));
  await operations.drop('numbered', 'next', patient);
  const outcome = await operations.rebuild('numbered', { ...patient, switch: true, onProgress });
  t.match(outcome, { state: 'switched', comparison: { equal: true } });
  t.strictSame(phases, ['reading', 'indexing', 'comparing', 'switching']);
});
