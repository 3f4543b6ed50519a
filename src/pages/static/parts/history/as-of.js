import { t } from '../../app/i18n.js';
import { aMonthAgo, daysAgo, localTimeOf } from '../../app/instants.js';
import { html, useEffect, useState } from '../../library.js';

const PRESETS = /** @type {const} */ ([
  ['asOf.yesterday', () => daysAgo(1)],
  ['asOf.week', () => daysAgo(7)],
  ['asOf.month', () => aMonthAgo()],
]);

/**
 * Where the users tab is as it stood at an instant; nothing is yet to come.
 *
 * @param {string} workspaceId
 * @param {string} instant
 */
export function usersAsOf(workspaceId, instant) {
  return `/workspaces/${workspaceId}/users?asOf=${encodeURIComponent(instant)}`;
}

/**
 * Chooses a moment of the past, by the reader's clock.
 *
 * @param {{ value?: string, choose: (instant: string) => void }} props value: the instant that is shown
 */
export function AsOfPicker({ value = '', choose }) {
  const shown = value === '' ? '' : localTimeOf(new Date(value));
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  /** @param {Date} moment */
  const take = (moment) => choose(new Date(Math.min(moment.getTime(), Date.now())).toISOString());
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const moment = new Date(typed);
    if (!Number.isNaN(moment.getTime())) take(moment);
  };
  return html`<div class="as-of-picker">
    <form onSubmit=${submit}>
      <input type="datetime-local" step=${value === '' ? undefined : 1} aria-label=${t('asOf.moment')} max=${localTimeOf(new Date())} value=${typed}
        onInput=${(/** @type {Event} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.currentTarget).value)} />
      <button type="submit" disabled=${typed === '' || typed === shown}>${t('asOf.show')}</button>
    </form>
    <div class="presets">
      ${PRESETS.map(
        ([name, moment]) =>
          html`<button type="button" class="preset" onClick=${() => take(moment())}>${t(name)}</button>`,
      )}
    </div>
  </div>`;
}
