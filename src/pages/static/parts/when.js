import { ago, dateTime } from '../app/i18n.js';
import { html } from '../library.js';

/**
 * An instant, as a clock shows it and as people say it.
 *
 * @param {{ at: string }} props
 */
export function When({ at }) {
  const absolute = dateTime(at);
  const relative = ago(at);
  return html`<time datetime=${at}>${absolute}${!absolute.startsWith(relative) && ` · ${relative}`}</time>`;
}
