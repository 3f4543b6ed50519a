/** The languages that there are words in; the first is for whoever reads none of them. */
export const LANGUAGES = /** @type {const} */ (['en', 'pt-BR', 'es']);

/** What each language calls itself. */
export const NAMES = /** @type {const} */ ({ en: 'English', 'pt-BR': 'Português (Brasil)', es: 'Español' });

/** @typedef {typeof import('./en/all.js').words} Words */
/** @typedef {(typeof LANGUAGES)[number]} Language */

/**
 * A message, with the places of its values in braces; or one for each form of number that the language has, chosen by
 * the value `count` (as Intl.PluralRules names them; `other` for all that have none of their own).
 *
 * @typedef {string | { readonly one?: string, readonly other: string }} Message
 */

/**
 * All messages of a language.
 *
 * @param {string} language
 * @returns {Promise<Words>}
 */
export async function loadWords(language) {
  if (language === 'pt-BR') return (await import('./pt-BR/all.js')).words;
  if (language === 'es') return (await import('./es/all.js')).words;
  return (await import('./en/all.js')).words;
}
