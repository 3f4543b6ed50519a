import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { compileTemplates } from '../../templates/compiler.js';
import { LOCALES, SOURCES, TEMPLATES } from './compiled.js';

const run = promisify(execFile);
const COMPILER = new URL('../../templates/compiler.js', import.meta.url).href;
const COMPILE = join(import.meta.dirname, '../../templates/compile.js');

/** What an earlier run made of the sources: made once, as MJML takes its time. */
const earlier = t.testdir();
await compileTemplates({ output: earlier });

/** A copy of the sources that a test may break, and an empty folder for the results. */
async function copySources(t: Test): Promise<{ sources: string; output: string }> {
  const folder = t.testdir({ sources: {}, output: {} });
  await cp(SOURCES, join(folder, 'sources'), { recursive: true });
  return { sources: join(folder, 'sources'), output: join(folder, 'output') };
}

/** The same, with the results of an earlier run. */
async function copyCompiled(t: Test): Promise<{ sources: string; output: string }> {
  const folders = await copySources(t);
  await cp(earlier, folders.output, { recursive: true });
  return folders;
}

async function change(file: string, from: string | RegExp, to: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${file} has no ${from}`);
  await writeFile(file, after);
}

/** When each file below a folder was written, in nanoseconds. */
async function writeTimes(folder: string): Promise<Record<string, bigint>> {
  const files = (await readdir(folder, { recursive: true })).sort();
  const times = files.map(async (file) => [file, (await stat(join(folder, file), { bigint: true })).mtimeNs] as const);
  return Object.fromEntries(await Promise.all(times));
}

t.test('makes a file for each template and language, and copies the languages', async (t) => {
  const { sources, output } = await copySources(t);
  t.equal(await compileTemplates({ sources, output }), 'compiled');
  const expected = [
    'manifest.json',
    'locales',
    ...LOCALES.map((locale) => `locales/${locale}.json`),
    ...TEMPLATES.flatMap((name) => LOCALES.map((locale) => `${name}.${locale}.json`)),
  ];
  t.strictSame((await readdir(output, { recursive: true })).sort(), expected.sort());
});

t.test('does nothing the second time', async (t) => {
  const { sources, output } = await copySources(t);
  await compileTemplates({ sources, output });
  const before = await writeTimes(output);
  t.equal(await compileTemplates({ sources, output }), 'up-to-date');
  t.strictSame(await writeTimes(output), before);
});

t.test('loads neither MJML nor Handlebars when everything is up to date', async (t) => {
  const { sources, output } = await copySources(t);
  const script = `
    import { createRequire } from 'node:module';
    import { compileTemplates } from ${JSON.stringify(COMPILER)};
    const result = await compileTemplates(${JSON.stringify({ sources, output })});
    const loaded = Object.keys(createRequire(${JSON.stringify(COMPILER)}).cache);
    process.stdout.write(JSON.stringify({ result, loaded: loaded.filter((path) => /mjml|handlebars/.test(path)).length > 0 }));
  `;
  const report = async (): Promise<unknown> =>
    JSON.parse((await run(process.execPath, ['--input-type=module', '--eval', script])).stdout);
  t.strictSame(await report(), { result: 'compiled', loaded: true });
  t.strictSame(await report(), { result: 'up-to-date', loaded: false });
});

for (const file of ['invitation.mjml', 'invitation.txt', 'parts/head.mjml', 'locales/es.json']) {
  t.test(`compiles again after a change of ${file}`, async (t) => {
    const { sources, output } = await copyCompiled(t);
    await change(join(sources, file), /\n/, '\n\n');
    t.equal(await compileTemplates({ sources, output }), 'compiled');
  });
}

t.test('compiles again when a result is missing', async (t) => {
  const { sources, output } = await copyCompiled(t);
  await rm(join(output, 'sign-in.es.json'));
  t.equal(await compileTemplates({ sources, output }), 'compiled');
  t.equal(await compileTemplates({ sources, output }), 'up-to-date');
});

t.test('compiles again when the manifest of the last run is damaged', async (t) => {
  const { sources, output } = await copyCompiled(t);
  await writeFile(join(output, 'manifest.json'), '{');
  t.equal(await compileTemplates({ sources, output }), 'compiled');
});

t.test('several at once leave whole results and no temporary file', async (t) => {
  const { sources, output } = await copySources(t);
  await Promise.all([1, 2, 3].map(() => compileTemplates({ sources, output })));
  t.equal(await compileTemplates({ sources, output }), 'up-to-date');
  t.strictSame(
    (await readdir(output)).filter((file) => file.endsWith('.tmp')),
    [],
  );
});

t.test('escapes the texts of a language in HTML and only there', async (t) => {
  const { sources, output } = await copySources(t);
  await change(join(sources, 'locales/en.json'), '"Your sign-in link"', '"A <b>\\"bold\\"</b> & brave **link**"');
  await compileTemplates({ sources, output });
  const compiled = JSON.parse(await readFile(join(output, 'sign-in.en.json'), 'utf8')) as Record<string, string>;
  t.equal(compiled['subject'], 'A <b>"bold"</b> & brave link');
  t.match(compiled['html'], 'A &lt;b>&quot;bold&quot;&lt;/b> &amp; brave <strong>link</strong>');
});

const MISTAKES = [
  ['layout-not-valid', 'an unknown attribute', 'sign-in.mjml', 'mj-class="card"', 'mj-class="card" colour="red"'],
  ['layout-not-valid', 'an unknown element', 'sign-in.mjml', '<mj-text>', '<mj-mystery></mj-mystery><mj-text>'],
  ['source-missing', 'an include that is not there', 'sign-in.mjml', 'parts/head', 'parts/neck'],
  ['locale-not-valid', 'no JSON', 'locales/es.json', '{', ''],
  ['text-missing', 'a text without a name', 'locales/es.json', '"linkHint"', '"linkHnt"'],
  ['text-missing', 'an unknown text', 'sign-in.txt', '[[caution]]', '[[warning]]'],
  ['placeholder-not-valid', 'a block that does not end', 'locales/en.json', '{{/if}}', ''],
] as const;

for (const [code, mistake, file, from, to] of MISTAKES) {
  t.test(`refuses ${mistake} in ${file} and leaves the earlier results alone`, async (t) => {
    const { sources, output } = await copyCompiled(t);
    const before = await writeTimes(output);
    await change(join(sources, file), from, to);
    await t.rejects(compileTemplates({ sources, output }), { name: 'TemplateError', code });
    t.strictSame(await writeTimes(output), before);
  });
}

t.test('refuses a template without a text part', async (t) => {
  const { sources, output } = await copySources(t);
  await rm(join(sources, 'invitation.txt'));
  await t.rejects(compileTemplates({ sources, output }), { name: 'TemplateError', code: 'source-missing' });
});

t.test('the command compiles the sources of the project into the folder that it is given', async (t) => {
  const output = t.testdir();
  // From another folder: nothing may depend on where it is started.
  await run(process.execPath, [COMPILE, output], { cwd: output });
  t.equal(await compileTemplates({ output }), 'up-to-date');
});
