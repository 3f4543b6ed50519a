import { html } from '../library.js';

/**
 * The initials of somebody; says nothing that their name beside it does not.
 *
 * @param {{ name: string }} props
 */
export function Avatar({ name }) {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '').join('');
  return html`<span class="avatar" aria-hidden="true">${letters.toUpperCase()}</span>`;
}
