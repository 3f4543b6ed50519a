import { setLanguage, shown, t } from '../app/i18n.js';
import { html } from '../library.js';
import { LANGUAGES, NAMES } from '../words/words.js';

export function LanguageChoice() {
  const { language } = shown.get();
  /** @param {Event} event */
  const choose = ({ currentTarget }) =>
    setLanguage(
      /** @type {import('../app/i18n.js').Language} */ (/** @type {HTMLSelectElement} */ (currentTarget).value),
    );
  return html`<select class="language" aria-label=${t('language')} value=${language} onChange=${choose}>
    ${LANGUAGES.map((each) => html`<option value=${each} lang=${each} selected=${each === language}>${NAMES[each]}</option>`)}
  </select>`;
}
