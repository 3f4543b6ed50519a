import type { FastifyRequest } from 'fastify';

import { languageFor } from '../../negotiation.js';
import type { Words } from './words/catalogue.js';
import { en } from './words/en.js';
import { es } from './words/es.js';
import { ptBR } from './words/pt-BR.js';

/** By language; the first is for whoever reads none of them. */
export const WORDS: Readonly<Record<string, Words>> = { en, 'pt-BR': ptBR, es };

/** How whoever looks at a page reads. */
export interface Reader {
  readonly language: string;
  readonly words: Words;
  /** An instant by the clock of UTC, which it names: the script of the pages knows the reader's own. */
  time(instant: string): string;
  /** So many e-mails. */
  kept(count: number): string;
}

const READERS = new Map(
  Object.entries(WORDS).map(([language, words]) => [language, readerOfLanguage(language, words)]),
);

/** By the language chosen on the pages, else by the browser's. */
export function readerOf({ headers }: FastifyRequest): Reader {
  const { cookie, 'accept-language': acceptLanguage } = headers;
  const language = languageFor([...READERS.keys()], { cookie, acceptLanguage });
  return READERS.get(language) ?? readerOfLanguage('en', en);
}

function readerOfLanguage(language: string, words: Words): Reader {
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  return {
    language,
    words,
    time: (instant) => `${times.format(new Date(instant))} UTC`,
    kept: (count) => words.kept(numbers.format(count), plurals.select(count) === 'one'),
  };
}
