import t from 'tap';

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
