import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { createDatabase } from './support/postgres.js';
import { temporaryFolder } from './support/temporary-postgres.js';

const passing = "import t from 'tap'; t.test('two', async (t) => { t.ok(true); t.ok(true); });";
const failing = "import t from 'tap'; t.equal(1, 2); t.ok(true);";
const skipping = "import t from 'tap'; t.test('one', { skip: 'not here' }, async () => {}); t.ok(true);";
const empty = "import 'tap';";

t.test('the last line counts what passed and was skipped', async (t) => {
  t.match(await run(t, { passing, skipping }), { code: 0, lastLine: '3 passed, 0 failed, 1 skipped' });
});

t.test('what failed is counted, and fails the run', async (t) => {
  t.match(await run(t, { failing }), { code: 1, lastLine: '1 passed, 1 failed' });
});

t.test('a file that registers no test fails the run', async (t) => {
  t.match(await run(t, { passing, empty }), { code: 1, lastLine: '2 passed, 1 failed' });
});

t.test('what failed is told, below the tests that it belongs to', async (t) => {
  const nested =
    "import t from 'tap'; t.test('outer', async (t) => { t.test('inner', async (t) => { t.equal(1, 2, 'one'); }); });";
  const { output } = await run(t, { nested });
  t.match(output, /^not ok: dist\/test\/nested\.test\.js > outer > inner > one\n {2}/m);
  t.match(output, /^NOT OK dist\/test\/nested\.test\.js \d+\.\d s$/m);
});

t.test('a file that ends before its time has failed', async (t) => {
  const killed = "import t from 'tap'; t.ok(true); process.kill(process.pid, 'SIGKILL');";
  const thrown = "throw new Error('before any test');";
  for (const [content, why] of [
    [killed, 'it was ended by SIGKILL'],
    [thrown, 'it ended with code 1'],
  ] as const) {
    const { code, output, lastLine } = await run(t, { content });
    t.match(output, why);
    t.match(lastLine, / 1 failed$/);
    t.equal(code, 1);
  }
});

t.test('what takes too long is ended, and has failed', async (t) => {
  const endless =
    "import t from 'tap'; t.setTimeout(500); t.test('long', () => new Promise(() => setInterval(() => {}, 1e3)));";
  const { code, output, lastLine } = await run(t, { endless });
  t.strictSame({ code, lastLine }, { code: 1, lastLine: '0 passed, 1 failed' });
  t.match(output, /^not ok: dist\/test\/endless\.test\.js > .*timeout!/m);
});

t.test('what a test starts is started as it would be without it', async (t) => {
  const child = 'process.stdout.write(String(process.env.NODE_OPTIONS))';
  const starting = `import t from 'tap'; import { execFileSync } from 'node:child_process';
    t.equal(execFileSync(process.execPath, ['-e', ${JSON.stringify(child)}], { encoding: 'utf8' }), '');`;
  t.match(await run(t, { starting }), { code: 0, lastLine: '1 passed, 0 failed' });
});

t.test('an argument that names no test fails the run', async (t) => {
  t.match(await run(t, { passing }, 'test/none.test.ts'), {
    code: 1,
    lastLine: '0 passed, 1 failed',
    output: 'test/none.test.ts names no test\n',
  });
});

t.test('a run that tap refuses has failed', async (t) => {
  t.match(await run(t, { passing }, '--no-such-option'), { code: 1, lastLine: '0 passed, 1 failed' });
});

/** Runs test files of this content as `npm test` would, in a project of their own: tap keeps notes of a run in it. */
async function run(t: Test, files: Record<string, string>, ...args: string[]) {
  const { url } = await createDatabase(t);
  const project = await temporaryFolder();
  t.teardown(() => rm(project, { recursive: true, force: true }));
  for (const name of ['.taprc', 'package.json']) await copyFile(name, join(project, name));
  await symlink(resolve('node_modules'), join(project, 'node_modules'));
  await mkdir(join(project, 'dist/test'), { recursive: true });
  for (const [name, text] of Object.entries(files))
    await writeFile(join(project, 'dist/test', `${name}.test.js`), text);
  // Of this run's own environment, nothing that makes tap a child of it.
  const environment = Object.entries(process.env).filter(([name]) => !/^(_?TAP|NODE_OPTIONS)/.test(name));
  const child = spawn(process.execPath, [fileURLToPath(new URL('run.js', import.meta.url)), ...args], {
    cwd: project,
    env: { ...Object.fromEntries(environment), TEST_POSTGRES_URL: url },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, output, lastLine: output.trimEnd().split('\n').at(-1) };
}
