import { LANGUAGES, loadWords } from '../words/words.js';
import { localeFor } from './locale.js';
import { store } from './store.js';

/** @typedef {import('../words/words.js').Words} Words */
/** @typedef {import('../words/words.js').Language} Language */
/** @typedef {Record<string, string | number>} Values */

/** The server has found out which language the reader wants. */
const first = LANGUAGES.find((language) => language === document.documentElement.lang) ?? 'en';

export const shown = store({ language: /** @type {Language} */ (first), words: await loadWords(first) });

/** The language of the pages, and of which region dates and numbers are written. */
export const locale = () => localeFor(shown.get().language, navigator.languages);

/**
 * Shows the pages in another language, now and from now on.
 *
 * @param {Language} language
 */
export async function setLanguage(language) {
  const words = await loadWords(language);
  const cookie = `language=${language}; Path=/; Max-Age=31536000; SameSite=Lax`;
  // biome-ignore lint/suspicious/noDocumentCookie: the server reads it; the Cookie Store API is not in every browser
  document.cookie = location.protocol === 'https:' ? `${cookie}; Secure` : cookie;
  document.documentElement.lang = language;
  shown.set({ language, words });
}

/**
 * A message in the reader's language.
 *
 * @param {keyof Words} key
 * @param {Values} [values] what stands in its braces
 * @returns {string}
 */
export function t(key, values = {}) {
  const { language, words } = shown.get();
  /** @type {import('../words/words.js').Message} */
  const message = words[key];
  const text = typeof message === 'string' ? message : pluralOf(message, language, Number(values['count']));
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'number' ? number(value) : String(value ?? '');
  });
}

/**
 * A message whose key is made at run time, such as that of a problem's code.
 *
 * @param {string} key
 * @param {keyof Words} fallback
 * @param {Values} [values]
 */
export function tOr(key, fallback, values) {
  return t(key in shown.get().words ? /** @type {keyof Words} */ (key) : fallback, values);
}

/**
 * @param {{ readonly one?: string, readonly other: string }} forms
 * @param {string} language
 * @param {number} count
 */
function pluralOf(forms, language, count) {
  const form = new Intl.PluralRules(language).select(count);
  return (form === 'one' ? forms.one : undefined) ?? forms.other;
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(locale()).format(value);
}

/**
 * An instant in the reader's zone, to the minute.
 *
 * @param {string} instant
 */
export function dateTime(instant) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));
}

/** Seconds in each unit, the greatest first. */
const UNITS = /** @type {const} */ ([
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]);

/**
 * How long ago, or how far ahead: in words for a week, then as a date.
 *
 * @param {string} instant
 * @param {number} [now] milliseconds
 */
export function ago(instant, now = Date.now()) {
  const seconds = secondsFrom(now, instant);
  if (Math.abs(seconds) < WEEK) return inWords(seconds, 'long');
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(new Date(instant));
}

/**
 * When something will be, within months and in a narrow column: as `ago`, but short, and without the year, which goes without saying.
 *
 * @param {string} instant
 * @param {number} [now] milliseconds
 */
export function soon(instant, now = Date.now()) {
  const seconds = secondsFrom(now, instant);
  if (Math.abs(seconds) < WEEK) return inWords(seconds, 'short');
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(new Date(instant));
}

/** Seconds. */
const WEEK = 7 * 86_400;

/** @param {number} now @param {string} instant */
const secondsFrom = (now, instant) => Math.round((Date.parse(instant) - now) / 1000);

/**
 * @param {number} seconds
 * @param {'long' | 'short'} style of hours and minutes; "6 d" is short of what people say
 */
function inWords(seconds, style) {
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) < length) continue;
    const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: unit === 'day' ? 'long' : style });
    // What has been given seven days lasts that long at first, and not six; what was six days ago was not yet seven.
    return words.format(seconds > 0 ? Math.round(seconds / length) : Math.trunc(seconds / length), unit);
  }
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(0, 'second');
}
