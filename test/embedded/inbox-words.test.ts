import t from 'tap';

import { WORDS } from '../../src/embedded/inbox/reader.js';
import type { Words } from '../../src/embedded/inbox/words/catalogue.js';
import { loadStatic } from '../../src/pages/asset-files.js';

/** Every message of a language, those with values in them filled in. */
function messagesOf({ kept, nothingFoundTitle, ...messages }: Words): Record<string, string> {
  return {
    ...messages,
    keptOne: kept('1', true),
    kept: kept('1,000', false),
    nothingFoundTitle: nothingFoundTitle('ana@example.com'),
  };
}

const { en, ...others } = WORDS;
if (en === undefined) throw new Error('There are no English words');
const english = messagesOf(en);

t.test('no language lacks a word, and the languages are those of the pages', async (t) => {
  const { LANGUAGES } = await loadStatic<{ LANGUAGES: readonly string[] }>('words/words.js');
  t.strictSame(Object.keys(WORDS), LANGUAGES);
  for (const [language, words] of Object.entries(WORDS)) {
    const messages = messagesOf(words);
    t.strictSame(Object.keys(messages).sort(), Object.keys(english).sort(), language);
    for (const [key, message] of Object.entries(messages)) t.match(message, /\S/, `${language} has words for ${key}`);
    t.match(messages['kept'], '1,000');
    t.match(messages['nothingFoundTitle'], 'ana@example.com');
  }
});

/** Portuguese has the English word. */
const ALIKE = { 'pt-BR': ['kept', 'keptOne'] } as Readonly<Record<string, readonly string[]>>;

t.test('no word was left in English', async (t) => {
  for (const [language, words] of Object.entries(others)) {
    const messages = messagesOf(words);
    const left = Object.keys(messages).filter((key) => messages[key] === english[key]);
    t.strictSame(left.sort(), ALIKE[language] ?? [], language);
  }
});
