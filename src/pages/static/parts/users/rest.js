import { t } from '../../app/i18n.js';
import { html } from '../../library.js';
import { LoadMore } from '../load-more.js';
import { Problem } from '../problem.js';

/**
 * What stands below the people that have been loaded: those that have not, or why they could not be.
 *
 * @param {{ people: import('../../app/people.js').People, load: (cursor?: string) => void }} props
 */
export function Rest({ people: { problem, nextCursor, loading }, load }) {
  return html`
    <${Problem} text=${problem} />
    ${problem && html`<button type="button" onClick=${() => load()}>${t('retry')}</button>`}
    ${nextCursor && !problem && html`<${LoadMore} busy=${loading} load=${() => load(nextCursor)} />`}
  `;
}
