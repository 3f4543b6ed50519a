import { t } from '../app/i18n.js';
import { store } from '../app/store.js';
import { html } from '../library.js';
import { Dialog } from './dialog.js';

/** @typedef {{ title: string, text: string, action: string, isHarmless?: boolean }} Question isHarmless: it takes nothing from anybody */

const asked = store(/** @type {(Question & { answer: (sure: boolean) => void }) | undefined} */ (undefined));

/**
 * Asks whether something is really meant that cannot be taken back.
 *
 * @param {Question} question
 * @returns {Promise<boolean>}
 */
export function confirm(question) {
  return new Promise((resolve) => {
    asked.set({
      ...question,
      answer(sure) {
        asked.set(undefined);
        resolve(sure);
      },
    });
  });
}

export function Confirmation() {
  const question = asked.use();
  if (!question) return null;
  const { title, text, action, isHarmless, answer } = question;
  return html`<${Dialog} title=${title} close=${() => answer(false)}>
    <p>${text}</p>
    <div class="actions end">
      <button type="button" autofocus onClick=${() => answer(false)}>${t('cancel')}</button>
      <button type="button" class=${isHarmless ? 'primary' : 'primary danger'} onClick=${() => answer(true)}>${action}</button>
    </div>
  <//>`;
}
