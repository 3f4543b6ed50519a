import { dateTime, t, tOr } from '../../app/i18n.js';
import { html } from '../../library.js';
import { Popover } from '../popover.js';

/**
 * What became of the newest mail; what the server said about it on demand.
 *
 * @param {{ delivery: import('../../app/people.js').User['delivery'] }} props
 */
export function Delivery({ delivery }) {
  if (!delivery) return null;
  const { status, reply, at } = delivery;
  const word = html`<span class=${`delivery-word ${status}`}>${tOr(`users.delivery.${status}`, 'users.delivery.sending')}</span>`;
  if (!reply) return word;
  return html`<${Popover} face=${word}>
    <p class="small quiet">${t('users.serverSaid')}</p>
    <p><code>${reply}</code></p>
    ${at && html`<p class="small quiet">${t('users.since', { when: dateTime(at) })}</p>`}
  <//>`;
}
