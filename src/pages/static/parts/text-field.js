import { html } from '../library.js';

/**
 * A field for a line of text.
 *
 * @param {{ label: string, value: string, change: (value: string) => void, hint?: string, [attribute: string]: unknown }} props
 *   other properties go to the input
 */
export function TextField({ label, value, change, hint, ...rest }) {
  return html`<label class="field">
    <span>${label}</span>
    <input ...${rest} value=${value} onInput=${(/** @type {InputEvent} */ event) =>
      change(/** @type {HTMLInputElement} */ (event.currentTarget).value)} />
    ${hint && html`<small class="quiet">${hint}</small>`}
  </label>`;
}
