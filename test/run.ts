/**
 * What `npm test` runs: tap over the compiled tests, on one Postgres that all of them share, with the true counts in
 * its last line. Arguments go to tap; a test may be named by its source file or
 * folder (`npm test test/domain/roles.test.ts test/http`).
 * `TEST_POSTGRES_URL` names a Postgres to use instead of one that is started and removed again.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startTemporaryPostgres } from './support/temporary-postgres.js';

const require = createRequire(import.meta.url);
const tap = join(dirname(require.resolve('tap/package.json')), 'dist/esm/run.mjs');

/** What became of all tests, in assertions. */
interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Files that registered no test at all. */
  readonly empty: readonly string[];
}

// Ctrl-C reaches tap, which belongs to the terminal too: this process must outlive it to stop Postgres.
process.on('SIGINT', () => undefined);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  await buildTapOnce();
  const folder = await mkdtemp(join(tmpdir(), 'workspace-invitations-tap-'));
  const given = process.env['TEST_POSTGRES_URL'];
  const postgres = given ? { url: given, stop: async () => undefined } : await startTemporaryPostgres();
  try {
    const report = join(folder, 'report.tap');
    const code = await runTap(
      [`--output-file=${report}`, ...reporter(args), coverage(args), ...args.map(compiledFile)],
      {
        TEST_POSTGRES_URL: postgres.url,
      },
    );
    const output = await readFile(report, 'utf8').catch(() => '');
    if (!process.stdout.isTTY) print(resultsOfFiles(output));
    if (code !== 0) print(failures(output));
    return conclude(tally(output), code);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Prints the result, and finds fault with what tap forgives: a file without a test. */
function conclude({ passed, failed, skipped, empty }: Tally, code: number): number {
  const silentFailure = code !== 0 && failed === 0 ? 1 : 0;
  for (const file of empty) print(`not ok: ${file} registers no test`);
  if (silentFailure) print(`not ok: tap ended with code ${code}`);
  const counts = [`${passed} passed`, `${failed + empty.length + silentFailure} failed`];
  if (skipped > 0) counts.push(`${skipped} skipped`);
  print(counts.join(', '));
  return code || Math.min(empty.length, 1);
}

/**
 * tap compiles its own test class for the plugins it is configured with, and fails the run in which it finds out that
 * it has to. The class that npm installs lacks the link to the plugins that only this step makes.
 */
async function buildTapOnce(): Promise<void> {
  const test = dirname(createRequire(tap).resolve('@tapjs/test/package.json'));
  if (!existsSync(join(test, 'test-built/node_modules'))) await runTap(['build']);
}

function runTap(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
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

/** Without a terminal, the reporters that redraw it only make noise: failures are shown, and a line for each file. */
function reporter(args: readonly string[]): string[] {
  const chosen = process.stdout.isTTY || args.some((arg) => /^(-R|--reporter)/.test(arg));
  return chosen ? [] : ['--reporter=min'];
}

/** Measured only on demand (`npm test -- --coverage-report=text`): it slows tests down, and means little for a few. */
function coverage(args: readonly string[]): string {
  return args.some((arg) => arg.startsWith('--coverage-report')) ? '--allow-incomplete-coverage' : '--disable-coverage';
}

/** `test/a.test.ts` was compiled to `dist/test/a.test.js`; `test/a` is a folder of such. */
function compiledFile(arg: string): string {
  const [, source, extension] = /^(?:\.\/)?(test\/.+?)\/?(\.ts)?$/.exec(arg) ?? [];
  if (source === undefined) return arg;
  return extension ? `dist/${source}.js` : `dist/${source}/**/*.test.js`;
}

function resultsOfFiles(output: string): string {
  const lines = output.split('\n').filter((line) => /^(not )?ok /.test(line));
  return lines.map((line) => line.replace(/ \{$/, '')).join('\n');
}

/** Every failed assertion, below the tests that it belongs to: innermost first, as TAP has them. */
function failures(output: string): string {
  return output
    .split('\n')
    .filter((line) => /^ *not ok /.test(line))
    .join('\n');
}

/** Reads tap's last summary, such as `# { total: 9, pass: 4, fail: 1, todo: 1, skip: 3 }`. */
function tally(output: string): Tally {
  const summary = [...output.matchAll(/^# \{ (.+) \}$/gm)].at(-1)?.[1] ?? '';
  const count = (name: string): number => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0);
  const empty = [...output.matchAll(/^ok \d+ - (.+?) # SKIP no tests found/gm)].map(([, file]) => file ?? '');
  // tap counts an empty file as one that was skipped.
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') + count('todo') - empty.length, empty };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
