import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';

import { printed } from './support/printed.js';
import { until } from './support/until.js';

const ONLY_ON_LINUX = process.platform === 'linux' ? {} : { skip: 'nothing is run apart there' };

/**
 * Runs itself apart, tells by which process and session, and waits there; it ends with 7 where it is interrupted, and with 8 once it is alone,
 * which is told on `stderr`.
 */
const PROGRAM = `
  const { onceAlone, runInOwnSession } = await import('${new URL('../src/own-session.js', import.meta.url).href}');
  const { sessionOf } = await import('${new URL('../src/giving-way.js', import.meta.url).href}');
  const stopping = new AbortController();
  if (process.send) {
    const waits = setInterval(() => {}, 1_000);
    process.once('SIGINT', () => process.exit(7));
    onceAlone(() => {
      process.stderr.write('alone');
      process.exit(8);
    });
    process.stdout.write(JSON.stringify({ id: process.pid, session: sessionOf('self'), parent: process.ppid }));
  } else {
    process.once('SIGINT', () => stopping.abort());
    process.exitCode = await runInOwnSession(stopping.signal);
  }`;

async function start() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [printed(child.stdout), printed(child.stderr)];
  const ended = once(child, 'close');
  await until(() => out().endsWith('}') || child.exitCode !== null, 'it waits');
  const apart = JSON.parse(out()) as { id: number; session: number; parent: number };
  return { child, apart, err, ended };
}

t.test(
  'what runs apart leads its session; an interruption reaches it, and its exit code is told',
  ONLY_ON_LINUX,
  async (t) => {
    const { child, apart, ended } = await start();
    t.equal(apart.parent, child.pid);
    t.equal(apart.session, apart.id);
    child.kill('SIGINT');
    t.strictSame(await ended, [7, null]);
  },
);

t.test('that it was ended by a signal is told as shells tell it', ONLY_ON_LINUX, async (t) => {
  const { apart, ended } = await start();
  process.kill(apart.id, 'SIGKILL');
  t.strictSame(await ended, [137, null]);
});

t.test('it is told when whoever started it is gone', ONLY_ON_LINUX, async (t) => {
  const { child, err, ended } = await start();
  child.kill('SIGKILL');
  await ended;
  t.equal(err(), 'alone');
});

t.test('who waits for nothing else ends, however long the other one stays', ONLY_ON_LINUX, async (t) => {
  const program = PROGRAM.replace('const waits = setInterval(() => {}, 1_000);', '');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'ignore' });
  t.strictSame(await once(child, 'exit'), [0, null]);
});
