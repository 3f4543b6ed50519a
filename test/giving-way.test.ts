import { execFile } from 'node:child_process';
import { constants, getPriority } from 'node:os';
import { promisify } from 'node:util';
import t from 'tap';

const ONLY_ON_LINUX = process.platform === 'linux' ? {} : { skip: 'a priority is the whole process there' };

t.test('a process lets others go first with all its threads', ONLY_ON_LINUX, async (t) => {
  const giveWay = new URL('../src/giving-way.js', import.meta.url).href;
  const program = `
    const { readdirSync } = await import('node:fs');
    const { getPriority } = await import('node:os');
    const { giveWay } = await import('${giveWay}');
    giveWay();
    giveWay();
    console.log(JSON.stringify(readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread)))));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const priorities = JSON.parse(stdout) as number[];
  t.ok(priorities.length > 1, `${priorities.length} threads`);
  const after = Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL);
  t.strictSame(new Set(priorities), new Set([after]));
});
