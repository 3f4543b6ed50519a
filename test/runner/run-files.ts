import { type Spawn, t } from 'tap';

import { describeFailure } from './describe-failure.js';
import { Waiting } from './waiting.js';

/** What became of tests, in assertions. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface RunOptions {
  /** Files at a time, each in a process of its own. */
  readonly jobs: number;
  /** Those among them that open a browser, at most. */
  readonly browsers: number;
  /** Seconds for a test that does not say itself how long it may take. */
  readonly timeout: number;
  readonly environment: NodeJS.ProcessEnv;
  /** Is given whatever failed of a file, and a line about it, as soon as it ends. */
  readonly print: (text: string) => void;
}

/**
 * Runs files of tests, begun in this order. tap's own runner, which measures coverage, makes every process note each module that
 * it loads, and so those that a test starts: that took nearly half of all the time.
 */
export async function runFiles(files: readonly string[], options: RunOptions): Promise<Tally> {
  // Without this the report of the whole run goes to standard output.
  t.register();
  t.setTimeout(0);
  t.jobs = options.jobs;
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const waiting = new Waiting(files, options.browsers);
  const running = new Set<Spawn>();
  const stop = (): void => {
    waiting.clear();
    for (const { proc } of running) proc?.kill('SIGTERM');
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const work = async (): Promise<void> => {
    for (let file = waiting.next(); file; file = waiting.next()) {
      const { passed, failed, skipped } = await runFile(file, options, running);
      waiting.done(file);
      sum.passed += passed;
      sum.failed += failed;
      sum.skipped += skipped;
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return sum;
}

async function runFile(file: string, { timeout, environment, print }: RunOptions, running: Set<Spawn>): Promise<Tally> {
  const begun = performance.now();
  // tap adds its hooks to NODE_OPTIONS; `env` takes them away again.
  const given = `NODE_OPTIONS=${process.env['NODE_OPTIONS'] ?? ''}`;
  const ending = t.spawn('env', [given, process.execPath, '--enable-source-maps', file], {
    name: file,
    buffered: true,
    timeout: timeout * 1_000,
    env: { ...process.env, ...environment, TAP_TIMEOUT: String(timeout) },
  });
  const { subtest } = ending;
  // Nothing is started any more once the run as a whole has broken off.
  if (!subtest) return { passed: 0, failed: 1, skipped: 0 };
  running.add(subtest);
  const ok = (await ending)?.ok ?? false;
  running.delete(subtest);
  const { counts, lists } = subtest;
  for (const failure of lists.fail) print(describeFailure(failure));
  // tap forgives a file without a test.
  const silentFailure = ok ? counts.total === 0 && 'registers no test' : counts.fail === 0 && howItEnded(subtest);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  print(`${ok && !silentFailure ? 'ok' : 'NOT OK'} ${file} ${seconds} s${silentFailure ? `: ${silentFailure}` : ''}`);
  return { passed: counts.pass, failed: counts.fail + (silentFailure ? 1 : 0), skipped: counts.skip + counts.todo };
}

function howItEnded({ options: { exitCode, signal } }: Spawn): string {
  return signal ? `it was ended by ${signal}` : `it ended with code ${exitCode}`;
}
