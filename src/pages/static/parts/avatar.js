import { html } from '../library.js';

/**
 * The initials of somebody: a decoration, and no text, for their name stands beside it or is the label.
 *
 * @param {{ name: string }} props
 */
export function Avatar({ name }) {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '').join('');
  return html`<span class="avatar" aria-hidden="true" data-letters=${letters.toUpperCase()}></span>`;
}
