import { problemText } from '../../app/api.js';
import { t } from '../../app/i18n.js';
import { html } from '../../library.js';
import { LoadMore } from '../load-more.js';
import { Problem } from '../problem.js';

/**
 * What stands below the people that have been loaded: those that have not, or why they could not be. Nothing where nobody
 * has been.
 *
 * @param {{ people: import('../../app/people.js').People, load: (cursor?: string) => void }} props
 */
export function Rest({ people: { items, error, failedAt, nextCursor, loading }, load }) {
  if (items.length === 0) return null;
  return html`
    <${Problem} text=${error ? problemText(error) : ''} />
    ${error && html`<button type="button" onClick=${() => load(failedAt)}>${t('retry')}</button>`}
    ${nextCursor && !error && html`<${LoadMore} busy=${loading} load=${() => load(nextCursor)} />`}
  `;
}
