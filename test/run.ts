/**
 * What `npm test` runs: the compiled tests, on one Postgres that all of them share, with the true counts in the last line. A
 * test may be named by its source file or folder (`npm test test/domain/roles.test.ts test/http`). Where there are options
 * everything goes to tap's own runner (`npm test -- --coverage-report=text`).
 * `TEST_POSTGRES_URL` names a Postgres to use instead of one that is started and removed again; `TAP_JOBS` says how many files
 * run at a time.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NoSuchTest, testFiles } from './runner/files.js';
import type { Tally } from './runner/run-files.js';
import { addTemplate, type Template } from './runner/template.js';
import { TEMPLATE } from './support/postgres.js';
import { startTemporaryPostgres } from './support/temporary-postgres.js';

const require = createRequire(import.meta.url);
const tap = join(dirname(require.resolve('tap/package.json')), 'dist/esm/run.mjs');

/** One more than a small machine has processors: tests wait half of the time. */
const JOBS = 3;

/** What a small machine stands at a time. */
const BROWSERS = 2;

/** In seconds; generous, because it only runs out when a test fails. */
const TIMEOUT = 600;

// Ctrl-C reaches the tests too, which belong to the terminal: this process must outlive them to stop Postgres.
process.on('SIGINT', () => undefined);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  await buildTapOnce();
  const given = process.env['TEST_POSTGRES_URL'];
  const postgres = given ? { url: given, stop: async () => undefined } : await startTemporaryPostgres();
  let template: Template | undefined;
  try {
    template = process.env[TEMPLATE] ? undefined : await addTemplate(postgres.url);
    const environment = { TEST_POSTGRES_URL: postgres.url, ...(template && { [TEMPLATE]: template.name }) };
    const hasOptions = args.some((arg) => arg.startsWith('-'));
    return conclude(await (hasOptions ? runByTap(args, environment) : run(args, environment)));
  } catch (error) {
    if (!(error instanceof NoSuchTest)) throw error;
    print(error.message);
    return conclude({ passed: 0, failed: 1, skipped: 0 });
  } finally {
    await template?.drop();
    await postgres.stop();
  }
}

async function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Tally> {
  const files = await testFiles(args);
  // tap can be loaded only once it is built.
  const { runFiles } = await import('./runner/run-files.js');
  const jobs = Number(process.env['TAP_JOBS']) || JOBS;
  return runFiles(files, { jobs, browsers: BROWSERS, timeout: TIMEOUT, environment, print });
}

function conclude({ passed, failed, skipped }: Tally): number {
  const counts = [`${passed} passed`, `${failed} failed`];
  if (skipped > 0) counts.push(`${skipped} skipped`);
  print(counts.join(', '));
  return failed === 0 ? 0 : 1;
}

/**
 * tap compiles its own test class for the plugins it is configured with, and fails the run in which it finds out that
 * it has to. The class that npm installs lacks the link to the plugins that only this step makes.
 */
async function buildTapOnce(): Promise<void> {
  const test = dirname(createRequire(tap).resolve('@tapjs/test/package.json'));
  if (!existsSync(join(test, 'test-built/node_modules'))) await startTap(['build']);
}

/** Coverage is measured where a report of it is asked for. */
async function runByTap(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'workspace-invitations-tap-'));
  try {
    const report = join(folder, 'report.tap');
    const isCovered = args.some((arg) => arg.startsWith('--coverage-report'));
    const coverage = isCovered ? '--allow-incomplete-coverage' : '--disable-coverage';
    const code = await startTap([`--output-file=${report}`, coverage, ...args.map(compiledFile)], environment);
    const counted = tally(await readFile(report, 'utf8').catch(() => ''));
    if (code === 0 || counted.failed > 0) return counted;
    print(`not ok: tap ended with code ${code}`);
    return { ...counted, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function startTap(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tap, ...args], {
      env: { ...process.env, ...environment },
      stdio: 'inherit',
    });
    const terminate = (): boolean => child.kill('SIGTERM');
    process.once('SIGTERM', terminate);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGTERM', terminate);
      resolve(code ?? 1);
    });
  });
}

/** `test/a.test.ts` was compiled to `dist/test/a.test.js`; `test/a` is a folder of such. */
function compiledFile(arg: string): string {
  const [, source, extension] = /^(?:\.\/)?(test\/.+?)\/?(\.ts)?$/.exec(arg) ?? [];
  if (source === undefined) return arg;
  return extension ? `dist/${source}.js` : `dist/${source}/**/*.test.js`;
}

/** Reads tap's last summary, such as `# { total: 9, pass: 4, fail: 1, todo: 1, skip: 3 }`. */
function tally(output: string): Tally {
  const summary = [...output.matchAll(/^# \{ (.+) \}$/gm)].at(-1)?.[1] ?? '';
  const count = (name: string): number => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') + count('todo') };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
