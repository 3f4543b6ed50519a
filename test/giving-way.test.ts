import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import t from 'tap';

const GIVES_WAY = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { getPriority } = require('node:os');
  import(workerData).then(({ giveWay }) => {
    const before = getPriority();
    giveWay();
    giveWay();
    parentPort.postMessage({ before, after: getPriority() });
  });`;

const ONLY_ON_LINUX = process.platform === 'linux' ? {} : { skip: 'a priority is the whole process there' };

t.test('a thread lets others go first, and only that thread', ONLY_ON_LINUX, async (t) => {
  const before = getPriority();
  const workerData = new URL('../src/giving-way.js', import.meta.url).href;
  const [told] = await once(new Worker(GIVES_WAY, { eval: true, workerData }), 'message');
  const after = Math.max(before, constants.priority.PRIORITY_BELOW_NORMAL);
  t.strictSame(told, { before, after });
  t.equal(getPriority(), before);
});
