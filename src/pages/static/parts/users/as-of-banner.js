import { ago, dateTime, t } from '../../app/i18n.js';
import { html } from '../../library.js';
import { AsOfPicker } from '../history/as-of.js';

/**
 * Says that what is shown is the past, of when, and how to get to another moment or back.
 *
 * @param {{ asOf: string, choose: (asOf: string) => void, children?: import('../../library.js').Child }} props
 *   choose: an instant, or nothing for now
 */
export function AsOfBanner({ asOf, choose, children }) {
  return html`<section class="as-of" aria-label=${t('users.asOfTitle')}>
    <div class="as-of-head">
      <p role="status">
        <strong>${t('users.asOf', { when: dateTime(asOf) })}</strong>
        <span class="small"> ${ago(asOf)} · ${t('users.asOfText')}</span>
      </p>
      <button type="button" class="primary" onClick=${() => choose('')}>${t('users.backToNow')}</button>
    </div>
    <${AsOfPicker} value=${asOf} choose=${choose} />
    ${children}
  </section>`;
}
