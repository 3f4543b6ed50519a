import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, posix } from 'node:path';
import { TemplateError } from './template-error.js';

/** Where to read the sources from and where to leave the compiled templates. */
export interface CompileOptions {
  /** The folder with the layouts (`*.mjml`, `*.txt`) and `locales/`; default: `templates` of the project. */
  readonly sources?: string;
  /** The folder to write to; made if missing. Default: `compiled` beside this module. */
  readonly output?: string;
}

/** One e-mail in one language. Each part is a Handlebars template, to be filled in strict mode. */
export interface CompiledTemplate {
  /** To be filled without escaping, as `text`: a header and a text part know no HTML. */
  readonly subject: string;
  /** To be filled with escaping. */
  readonly html: string;
  readonly text: string;
}

/** The words of one language, by section and key. `roles` and `results` have names; the others are sentences. */
type Locale = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What an earlier run left behind, so that the next one can tell whether it has anything to do. */
interface Manifest {
  readonly fingerprint: string;
  readonly files: readonly string[];
}

/** By the name of a template: its layout, and the sections of a locale that its words are looked up in, in order. */
const TEMPLATES = {
  invitation: { layout: 'invitation', sections: ['invitation', 'shared'] },
  'invitation-resent': { layout: 'invitation', sections: ['invitation-resent', 'invitation', 'shared'] },
  reminder: { layout: 'invitation', sections: ['reminder', 'invitation', 'shared'] },
  'renewal-requested': { layout: 'renewal-requested', sections: ['renewal-requested', 'shared'] },
  digest: { layout: 'digest', sections: ['digest', 'shared'] },
  'sign-in': { layout: 'sign-in', sections: ['sign-in', 'shared'] },
} as const;

/** A word or sentence to be put in from the locale: `[[heading]]`. What Handlebars fills in later looks like `{{this}}`. */
const TEXT = /\[\[(\w+)\]\]/g;
/** The one kind of markup that a sentence may have: `**Ana**` is bold in HTML and plain elsewhere. */
const BOLD = /\*\*(.+?)\*\*/g;

/** Colours that the layouts are written in, as MJML takes no placeholder for one, and what stands for each in a mail. */
const BRAND_COLOURS = { '#3346c9': '{{accentColour}}', '#96a5ff': '{{accentOnDark}}' } as const;

const INCLUDE = /<mj-include\s+path="([^"]*)"/g;

const MANIFEST = 'manifest.json';
const SOURCE_EXTENSIONS = new Set(['.mjml', '.txt', '.json']);

/**
 * Makes `<template>.<locale>.json` ({@link CompiledTemplate}) for every template and language, and `locales/<locale>.json`.
 * Does nothing, and does not even load MJML, if sources, compiler and results are as they were after the last run.
 *
 * @throws {TemplateError} for a source that is not valid; the results of an earlier run are then as they were
 */
export async function compileTemplates({
  sources = join(import.meta.dirname, '../../templates'),
  output = join(import.meta.dirname, 'compiled'),
}: CompileOptions = {}): Promise<'compiled' | 'up-to-date'> {
  const files = await readSources(sources);
  const fingerprint = await fingerprintOf(files);
  if (await isUpToDate(output, fingerprint)) return 'up-to-date';
  const results = await compileAll(sources, files);
  // Removed before anything is replaced: after a crash halfway, nothing may look finished.
  await rm(join(output, MANIFEST), { force: true });
  for (const [file, content] of results) await replaceFile(join(output, file), content);
  const manifest: Manifest = { fingerprint, files: [...results.keys()] };
  await replaceFile(join(output, MANIFEST), JSON.stringify(manifest));
  return 'compiled';
}

/** The sources by their path inside the folder. */
async function readSources(folder: string): Promise<ReadonlyMap<string, string>> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => SOURCE_EXTENSIONS.has(extname(path)));
  const contents = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
  return new Map(paths.map((path, index) => [path.replaceAll('\\', '/'), contents[index] ?? ''] as const).sort(byPath));
}

function byPath([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

/** Changes with everything that the results depend on: the sources, this module, and the version of MJML. */
async function fingerprintOf(files: ReadonlyMap<string, string>): Promise<string> {
  const mjml = await readFile(createRequire(import.meta.url).resolve('mjml/package.json'), 'utf8');
  const compiler = await readFile(import.meta.filename, 'utf8');
  return createHash('sha256')
    .update(JSON.stringify([mjml, compiler, ...files]))
    .digest('hex');
}

async function isUpToDate(output: string, fingerprint: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(join(output, MANIFEST), 'utf8')) as Manifest;
    if (manifest.fingerprint !== fingerprint) return false;
    await Promise.all(manifest.files.map((file) => access(join(output, file))));
    return true;
  } catch {
    return false;
  }
}

/** All results, by their path inside the output folder. */
async function compileAll(folder: string, files: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const layouts = await renderLayouts(folder, files);
  const results = new Map<string, string>();
  for (const [path, content] of files) {
    const language = /^locales\/(.+)\.json$/.exec(path)?.[1];
    if (!language) continue;
    const locale = parseLocale(path, content);
    results.set(path, content);
    for (const [name, { layout, sections }] of Object.entries(TEMPLATES)) {
      const wordOf = wordsOf(locale, sections, language);
      const compiled = {
        subject: plain(wordOf('subject')),
        html: fillIn(layouts.get(layout) ?? '', (key) => html(wordOf(key))),
        text: fillIn(source(files, `${layout}.txt`), (key) => plain(wordOf(key))),
      } satisfies CompiledTemplate;
      await checkHandlebars(`${name}.${language}`, compiled);
      results.set(`${name}.${language}.json`, `${JSON.stringify(compiled, null, 2)}\n`);
    }
  }
  return results;
}

/** The HTML of each layout, still with its `[[words]]`: a layout is the same in every language, and MJML takes its time. */
async function renderLayouts(folder: string, files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const { default: mjml2html } = await import('mjml');
  const layouts = new Map<string, string>();
  for (const { layout } of Object.values(TEMPLATES)) {
    if (layouts.has(layout)) continue;
    const file = `${layout}.mjml`;
    const content = source(files, file);
    // Even a strict MJML goes on without a part that it cannot find.
    for (const [, part] of content.matchAll(INCLUDE)) source(files, posix.normalize(part ?? ''));
    const rendered = await mjml2html(content, {
      filePath: join(folder, file),
      ignoreIncludes: false,
      keepComments: false,
      validationLevel: 'strict',
      // MJML knows web fonts by name, Roboto for one, and would load them from a foreign server.
      fonts: {},
    }).catch((error: unknown) => {
      throw new TemplateError('layout-not-valid', `${file} is not valid MJML`, { cause: error });
    });
    layouts.set(layout, withBrandColours(rendered.html.replace(/\n\s+/g, '\n').trim()));
  }
  return layouts;
}

function withBrandColours(html: string): string {
  return Object.entries(BRAND_COLOURS).reduce(
    (mail, [colour, placeholder]) => mail.replaceAll(colour, placeholder),
    html,
  );
}

function parseLocale(path: string, content: string): Locale {
  try {
    return JSON.parse(content) as Locale;
  } catch (error) {
    throw new TemplateError('locale-not-valid', `${path} is not valid JSON`, { cause: error });
  }
}

function source(files: ReadonlyMap<string, string>, path: string): string {
  const content = files.get(path);
  if (content === undefined) throw new TemplateError('source-missing', `${path} is missing`);
  return content;
}

function wordsOf(locale: Locale, sections: readonly string[], language: string): (key: string) => string {
  return (key) => {
    if (key === 'language') return language;
    const section = sections.find((name) => locale[name]?.[key] !== undefined);
    const word = section === undefined ? undefined : locale[section]?.[key];
    if (word === undefined) throw new TemplateError('text-missing', `locales/${language}.json has no text "${key}"`);
    return word;
  };
}

function fillIn(layout: string, wordOf: (key: string) => string): string {
  return layout.replace(TEXT, (_, key: string) => wordOf(key));
}

function plain(sentence: string): string {
  return sentence.replace(BOLD, '$1');
}

/** Escapes the words; the expressions of Handlebars in between have none of these characters. */
function html(sentence: string): string {
  const escaped = sentence.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return escaped.replace(BOLD, '<strong>$1</strong>');
}

/** A slip in a placeholder shall end the build, not the first e-mail. */
async function checkHandlebars(name: string, compiled: CompiledTemplate): Promise<void> {
  const { default: Handlebars } = await import('handlebars');
  for (const [part, template] of Object.entries(compiled)) {
    try {
      Handlebars.precompile(template, { strict: true });
    } catch (error) {
      throw new TemplateError('placeholder-not-valid', `${name} has a wrong placeholder in its ${part}`, {
        cause: error,
      });
    }
  }
}

/** A reader sees the old content or the new, never a part of it. */
async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
