import { useFocusOnArrival, usePageTitle } from '../app/focus.js';
import { t } from '../app/i18n.js';
import { html } from '../library.js';

/**
 * The heading of a page: names the tab, and takes the focus when the page comes, so that a screen reader says it.
 *
 * @param {{ title: string, quiet?: boolean }} props quiet: the focus has a better place, such as a field
 */
export function Heading({ title, quiet = false }) {
  usePageTitle(title, t('product'));
  const ref = useFocusOnArrival([title, quiet]);
  return html`<h1 ref=${quiet ? null : ref} tabindex="-1">${title}</h1>`;
}
