import { readdir, readFile } from 'node:fs/promises';
import t from 'tap';

import { PROBLEMS } from '../../src/http/problems/catalogue.js';
import { loadStatic } from '../../src/pages/asset-files.js';

type Message = string | Readonly<Record<string, string>>;

interface Words {
  readonly LANGUAGES: readonly string[];
  loadWords(language: string): Promise<Readonly<Record<string, Message>>>;
}

const { LANGUAGES, loadWords } = await loadStatic<Words>('words/words.js');
const english = await loadWords('en');

const formsOf = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message));
const placesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

for (const language of LANGUAGES) {
  t.test(`${language} says everything that English does, with the same values`, async (t) => {
    const words = await loadWords(language);
    t.strictSame(Object.keys(words).sort(), Object.keys(english).sort());
    for (const [key, message] of Object.entries(words)) {
      const original = english[key] ?? '';
      t.equal(typeof message, typeof original, key);
      const places = new Set(formsOf(original).flatMap(placesIn));
      for (const text of formsOf(message)) {
        t.not(text.trim(), '', key);
        for (const place of placesIn(text)) t.ok(places.has(place), `${key} is given ${place}`);
      }
      if (typeof message === 'string') t.strictSame(placesIn(message), [...places].sort(), key);
      else t.ok('other' in message, `${key} has a form for any number`);
    }
  });
}

/** Problems that no page meets: what it sends has the form that is asked for, and what it shows leads elsewhere. */
const NEVER_ON_A_PAGE = new Set([
  'invalid-request',
  'malformed-json',
  'malformed-request',
  'unsupported-media-type',
  'method-not-allowed',
  'idempotency-key-reused',
  // Of bearers of tokens, and of reports about mails.
  'person-required',
  'identity-provider-unavailable',
  'projection-not-found',
  'inbound-not-configured',
  'untrusted-report',
  'malformed-report',
  'report-not-recorded',
  // The accept page shows the right page instead.
  'sign-in-required',
  'wrong-account',
  // No page sets it.
  'invalid-lifetime',
]);

t.test('there are words for every problem that a page can meet', async (t) => {
  const onAcceptPage = (code: string) => `accept.${code.replace(/^invitation-/, '')}.title` in english;
  for (const code of Object.keys(PROBLEMS)) {
    const hasWords = `problem.${code}` in english || onAcceptPage(code);
    t.not(hasWords, NEVER_ON_A_PAGE.has(code), `${code} has words, or is never met`);
  }
});

t.test('every message is shown somewhere', async (t) => {
  const root = new URL('../../../src/pages/static/', import.meta.url);
  const names = (await readdir(root, { recursive: true })).filter((name) => /^(?!words).*\.js$/.test(name));
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, root), 'utf8')));
  const literals = new Set(sources.flatMap((source) => source.match(/'[\w.-]+'/g) ?? []));
  // Keys that are put together: what stands around the part that is known only at run time.
  const made = sources.flatMap((source) => [...source.matchAll(/`([\w-]+\.[\w.-]*)\$\{[^`]*\}([\w.-]*)`/g)]);
  const fromServer = new Set(['product', 'noScript']);
  for (const key of Object.keys(english)) {
    const isMade = made.some(([, before = '', after = '']) => key.startsWith(before) && key.endsWith(after));
    t.ok(literals.has(`'${key}'`) || isMade || fromServer.has(key), `${key} is used`);
  }
  const known = new Set([...Object.keys(PROBLEMS), 'offline', 'unknown']);
  const ofProblems = Object.keys(english).flatMap((key) => key.match(/^problem\.(.+)/)?.[1] ?? []);
  for (const code of ofProblems) t.ok(known.has(code), `there is a problem ${code}`);
});
