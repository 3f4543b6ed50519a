import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { promisify } from 'node:util';
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

t.test('a process does with all its threads', ONLY_ON_LINUX, async (t) => {
  const giveWay = new URL('../src/giving-way.js', import.meta.url).href;
  const program = `
    const { readdirSync } = await import('node:fs');
    const { getPriority } = await import('node:os');
    (await import('${giveWay}')).giveWay();
    console.log(JSON.stringify(readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread)))));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const priorities = JSON.parse(stdout) as number[];
  t.ok(priorities.length > 1, `${priorities.length} threads`);
  const after = Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL);
  t.strictSame(new Set(priorities), new Set([after]));
});

t.test('a thread lets others go first, and only that thread', ONLY_ON_LINUX, async (t) => {
  const before = getPriority();
  const workerData = new URL('../src/giving-way.js', import.meta.url).href;
  const [told] = await once(new Worker(GIVES_WAY, { eval: true, workerData }), 'message');
  const after = Math.max(before, constants.priority.PRIORITY_BELOW_NORMAL);
  t.strictSame(told, { before, after });
  t.equal(getPriority(), before);
});
