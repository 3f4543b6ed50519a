import { t } from '../app/i18n.js';
import { store } from '../app/store.js';
import { html, useState } from '../library.js';
import { Dialog } from './dialog.js';
import { TextField } from './text-field.js';

/** @typedef {{ title: string, text: string, label: string, action: string }} ReasonQuestion */

const asked = store(/** @type {(ReasonQuestion & { answer: (reason: string) => void }) | undefined} */ (undefined));

/**
 * Asks why something is done, for the history.
 *
 * @param {ReasonQuestion} question
 * @returns {Promise<string>} nothing where it is not to be done
 */
export function askReason(question) {
  return new Promise((resolve) => {
    asked.set({
      ...question,
      answer(reason) {
        asked.set(undefined);
        resolve(reason);
      },
    });
  });
}

export function ReasonDialog() {
  const question = asked.use();
  return question ? html`<${Asked} ...${question} />` : null;
}

/** @param {ReasonQuestion & { answer: (reason: string) => void }} props */
function Asked({ title, text, label, action, answer }) {
  const [reason, setReason] = useState('');
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    answer(reason.trim());
  };
  return html`<${Dialog} title=${title} close=${() => answer('')}>
    <form onSubmit=${submit}>
      <p class="quiet">${text}</p>
      <${TextField} label=${label} required maxlength="300" autofocus value=${reason} change=${setReason} />
      <div class="actions end">
        <button type="button" onClick=${() => answer('')}>${t('cancel')}</button>
        <button type="submit" class="primary" disabled=${reason.trim() === ''}>${action}</button>
      </div>
    </form>
  <//>`;
}
