import { LRUCache } from 'lru-cache';

import type { Facts, HistoryType, Words } from './catalogue.js';
import { en } from './en.js';
import { es } from './es.js';
import { ptBR } from './pt-BR.js';

/** The languages that a history can be told in. */
export const HISTORY_LOCALES = ['en', 'pt-BR', 'es'] as const;
export type HistoryLocale = (typeof HISTORY_LOCALES)[number];

const WORDS: Readonly<Record<HistoryLocale, Words>> = { en, 'pt-BR': ptBR, es };

/** In which language, and by which clock. */
export interface Telling {
  readonly locale: HistoryLocale;
  /** By its canonical name. */
  readonly timeZone: string;
}

/** An event to be told: its data in the newest shape. */
export interface Told {
  readonly type: string;
  readonly data: object;
  readonly actor: { readonly type: string; readonly name: string | null } | null;
  readonly subject: { readonly name: string | null } | null;
}

/** What happened, in a sentence. */
export function sentence({ type, data, actor, subject }: Told, telling: Telling): string {
  const words = WORDS[telling.locale];
  if (!Object.hasOwn(words.sentences, type)) return words.other(type);
  const tell = words.sentences[type as HistoryType] as (facts: Facts<HistoryType>) => string;
  return tell({
    who: actor?.type === 'service' ? words.service : (actor?.name ?? words.somebody),
    whom: subject?.name ?? words.somebody,
    // The type says which data it has, in a way that the compiler cannot follow.
    data: data as never,
    when: (instant) => (Number.isNaN(Date.parse(instant)) ? instant : formatter(telling).format(new Date(instant))),
  });
}

/** The language for a header of RFC 9110, section 12.5.4, by its order; English where it names none that there is. */
export function historyLocale(acceptLanguage: string | undefined): HistoryLocale {
  for (const range of (acceptLanguage ?? '').split(',')) {
    const language = range.trim().slice(0, 2).toLowerCase();
    const found = HISTORY_LOCALES.find((locale) => locale.slice(0, 2) === language);
    if (found) return found;
  }
  return 'en';
}

/** Making one takes longer than many sentences. */
const formatters = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 });

function formatter({ locale, timeZone }: Telling): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  const made =
    formatters.get(key) ?? new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  formatters.set(key, made);
  return made;
}
