import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { LOCALES, SOURCES } from './compiled.js';

/** The texts of a language, by `section.key`. */
async function textsOf(locale: string): Promise<ReadonlyMap<string, string>> {
  const content = await readFile(join(SOURCES, 'locales', `${locale}.json`), 'utf8');
  const sections = JSON.parse(content) as Record<string, Record<string, string>>;
  return new Map(
    Object.entries(sections).flatMap(([section, texts]) =>
      Object.entries(texts).map(([key, text]) => [`${section}.${key}`, text] as const),
    ),
  );
}

function placeholders(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/\{\{.*?\}\}/g)].map(([placeholder]) => placeholder).sort();
}

t.test('there are the three languages', async (t) => {
  const files = await readdir(join(SOURCES, 'locales'));
  t.strictSame(files.sort(), LOCALES.map((locale) => `${locale}.json`).sort());
});

t.test('the roles have their names in each language', async (t) => {
  const namesIn = async (locale: string): Promise<unknown[]> => {
    const texts = await textsOf(locale);
    return ['owner', 'administrator', 'developer'].map((role) => texts.get(`roles.${role}`));
  };
  t.strictSame(await namesIn('en'), ['Owner', 'Administrator', 'Developer']);
  t.strictSame(await namesIn('pt-BR'), ['Proprietário', 'Administrador', 'Desenvolvedor']);
  t.strictSame(await namesIn('es'), ['Propietario', 'Administrador', 'Desarrollador']);
});

for (const locale of LOCALES) {
  t.test(`${locale} has the keys of English, and no others`, async (t) => {
    t.strictSame([...(await textsOf(locale)).keys()].sort(), [...(await textsOf('en')).keys()].sort());
  });

  t.test(`${locale} has the placeholders of English in each text`, async (t) => {
    const texts = await textsOf(locale);
    for (const [key, text] of await textsOf('en')) t.strictSame(placeholders(texts.get(key)), placeholders(text), key);
  });

  t.test(`${locale} leaves no text empty`, async (t) => {
    const empty = [...(await textsOf(locale))].filter(([, text]) => text.trim() === '');
    t.strictSame(empty, []);
  });
}
