import { problemText } from '../app/api.js';
import { t } from '../app/i18n.js';
import { store } from '../app/store.js';
import { html } from '../library.js';

/** @typedef {{ id: number, text: string, bad: boolean }} Notice */

const shownNotices = store(/** @type {readonly Notice[]} */ ([]));
let count = 0;

/** Milliseconds that good news stand; bad news stay until they are dismissed. */
const STAYS = 6_000;

/**
 * Tells something that has happened, without taking the focus.
 *
 * @param {string} text
 * @param {{ bad?: boolean }} [options]
 */
export function notice(text, { bad = false } = {}) {
  const id = ++count;
  shownNotices.set([...shownNotices.get().slice(-2), { id, text, bad }]);
  if (!bad) setTimeout(() => dismiss(id), STAYS);
}

/** @param {unknown} error */
export function noticeProblem(error) {
  notice(problemText(error), { bad: true });
}

/** @param {number} id */
function dismiss(id) {
  shownNotices.set(shownNotices.get().filter((each) => each.id !== id));
}

export function Notices() {
  const all = shownNotices.use();
  return html`<div class="notices" role="status" aria-live="polite">
    ${all.map(
      ({ id, text, bad }) => html`<div key=${id} class=${bad ? 'notice bad' : 'notice'}>
        <span>${text}</span>
        <button type="button" class="icon-button" aria-label=${t('dismiss')} onClick=${() => dismiss(id)}>×</button>
      </div>`,
    )}
  </div>`;
}
