import { ago, dateTime, t, tOr } from '../../app/i18n.js';
import { html } from '../../library.js';
import { Popover } from '../popover.js';

/**
 * What became of the newest mail; what the server said about it, and when it is tried again, on demand.
 *
 * @param {{ delivery: import('../../app/people.js').User['delivery'] }} props
 */
export function Delivery({ delivery }) {
  if (!delivery) return null;
  const { status, mail, reply, at, attempt, nextAttemptAt } = delivery;
  const word = html`<span class=${`delivery-word ${status}`}>${tOr(`users.delivery.${status}`, 'users.delivery.sending')}</span>`;
  const isReminder = mail === 'reminder';
  if (!reply && !nextAttemptAt && !isReminder) return word;
  const code = [delivery.code, delivery.enhancedCode].filter(Boolean).join(' ');
  return html`<${Popover} face=${word}>
    ${isReminder && html`<p class="small">${t('users.reminder')}</p>`}
    ${reply && html`<p class="small quiet">${t('users.serverSaid')}</p><p><code>${reply.startsWith(code) ? '' : `${code} `}${reply}</code></p>`}
    ${nextAttemptAt && html`<p class="small">${t('users.nextTry', { when: ago(nextAttemptAt) })}</p>`}
    <p class="small quiet">
      ${[
        attempt && attempt > 1 && t('users.attempt', { count: attempt }),
        at && t('users.since', { when: dateTime(at) }),
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  <//>`;
}
