import { html } from '../library.js';
import { Frame } from './frame.js';
import { Heading } from './heading.js';

/**
 * A page that says one thing, and what to do next.
 *
 * @param {{ title: string, text?: import('../library.js').Child, children?: import('../library.js').Child }} props
 */
export function MessagePage({ title, text, children }) {
  return html`<${Frame} narrow>
    <section class="card">
      <${Heading} title=${title} />
      ${text && html`<p class="quiet">${text}</p>`}
      ${children && html`<div class="actions">${children}</div>`}
    </section>
  <//>`;
}
