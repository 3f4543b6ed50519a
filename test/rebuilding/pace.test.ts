import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import t from 'tap';

import type { Position } from '../../src/event-store/event-store.js';
import { heldUpFor, Pace, restAfterIndex } from '../../src/rebuilding/pace.js';
import { until } from '../support/until.js';
import { patient } from './support.js';

/** Held up for so long each time that somebody looks, in milliseconds. */
function pace(each: number, positions: readonly string[], signal = patient.signal): Pace {
  let looked = 0;
  let held = 0;
  const heldUp = () => (held += each / 2);
  const livePosition = async () => positions[Math.min(looked++, positions.length - 1)] as Position;
  return new Pace({ livePosition, heldUp, signal, looksEvery: 0 });
}

t.test('where nobody writes, a build takes whatever it gets', async (t) => {
  const alone = pace(50, ['1']);
  for (let piece = 0; piece < 3; piece++) t.equal(await alone.rest(), 0);
});

t.test('where somebody does, it rests twice as long as it was held up, and goes on once nobody writes', async (t) => {
  const together = pace(10, ['1', '2', '3', '3']);
  t.equal(await together.rest(), 0, 'of the first it is not known');
  t.equal(await together.rest(), 0, 'nor for how long it was held up, when it is first seen');
  const startedAt = performance.now();
  t.equal(await together.rest(), 10);
  t.ok(performance.now() - startedAt > 8);
  t.equal(await together.rest(), 10, 'of the last piece beside others');
  t.equal(await together.rest(), 0);
});

t.test('it rests for a moment only, however little is left for it', async (t) => {
  const together = pace(100_000, ['1', '2']);
  await together.rest();
  await together.rest();
  t.equal(await together.rest(), 200);
});

t.test('whoever ends the build ends a rest', async (t) => {
  const ended = AbortSignal.abort();
  const over = pace(100_000, ['1', '2'], ended);
  await over.rest();
  await over.rest();
  t.equal(await over.rest(), 200, 'as long as it would have');
  await restAfterIndex(100_000, ended);
});

t.test('the system tells for how long others ran', { skip: process.platform !== 'linux' }, async (t) => {
  const others = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  t.teardown(() => {
    for (const other of others) other.kill('SIGKILL');
  });
  const before = heldUpFor();
  await until(async () => {
    const end = performance.now() + 20;
    while (performance.now() < end);
    return heldUpFor() > before;
  }, 'others have run instead');
});
