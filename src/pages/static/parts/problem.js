import { html } from '../library.js';

/**
 * What went wrong, said at once by a screen reader. Nothing where nothing did.
 *
 * @param {{ text: string, id?: string }} props
 */
export function Problem({ text, id }) {
  return html`<div role="alert" id=${id}>${text && html`<p class="problem">${text}</p>`}</div>`;
}
