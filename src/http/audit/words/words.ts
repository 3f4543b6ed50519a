import { LRUCache } from 'lru-cache';

import type { Facts, HistoryType, Words } from './catalogue.js';
import { en } from './en.js';
import { es } from './es.js';
import { ptBR } from './pt-BR.js';

/** The languages that a history can be told in. */
export const HISTORY_LOCALES = ['en', 'pt-BR', 'es'] as const;
export type HistoryLocale = (typeof HISTORY_LOCALES)[number];

const WORDS: Readonly<Record<HistoryLocale, Words>> = { en, 'pt-BR': ptBR, es };

/** In which language, as times are written where, and by which clock. */
export interface Telling {
  readonly locale: HistoryLocale;
  /** A region's code, such as `GB`; times are as they are usual in the language where it is absent. */
  readonly region?: string;
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

/**
 * The language for a header of RFC 9110, section 12.5.4, by its order, and the region that stands with it; English where it names none
 * that there is.
 */
export function historyLocale(acceptLanguage: string | undefined): Pick<Telling, 'locale' | 'region'> {
  for (const range of (acceptLanguage ?? '').split(',')) {
    const [, language, region] = LANGUAGE_AND_REGION.exec(range.trim().toLowerCase()) ?? [];
    const locale = HISTORY_LOCALES.find((each) => languageOf(each) === language);
    if (locale) return { locale, ...(region ? { region: region.toUpperCase() } : {}) };
  }
  return { locale: 'en' };
}

const LANGUAGE_AND_REGION = /^([a-z]{2})(?:-([a-z]{2}|\d{3})(?![a-z\d]))?/;

const languageOf = (locale: HistoryLocale): string => locale.slice(0, 2);

/** Making one takes longer than many sentences. */
const formatters = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 });

function formatter({ locale, region, timeZone }: Telling): Intl.DateTimeFormat {
  const written = region ? `${languageOf(locale)}-${region}` : locale;
  const key = `${written} ${timeZone}`;
  const made =
    formatters.get(key) ?? new Intl.DateTimeFormat(written, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  formatters.set(key, made);
  return made;
}
