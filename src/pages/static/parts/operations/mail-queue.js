import { duration } from '../../app/duration.js';
import { ago, t, tOr } from '../../app/i18n.js';
import { askAsOperator } from '../../app/operator.js';
import { useTask } from '../../app/use-task.js';
import { html } from '../../library.js';
import { Problem } from '../problem.js';

/**
 * @typedef {object} Mail
 * @property {number} id
 * @property {string} name
 * @property {string} dueAt
 * @property {number} tries
 * @property {string | null} lastError
 */

/** How many of a kind are due, planned, or given up. @typedef {{ name: string, due: number, later: number, exhausted: number }} Kind */

/**
 * The reactor, and the mails that wait.
 *
 * @param {{ reactor: { lagSeconds: number, leader: object | null, queue: readonly Kind[] }, mails: Mail[],
 *   refresh: () => Promise<void> }} props
 */
export function MailQueue({ reactor, mails, refresh }) {
  const { busy, problem, run } = useTask(async () => {
    await askAsOperator('POST /operations/mail/retry', { body: {} });
    await refresh();
  });
  const { waiting, planned } = mailsIn(reactor.queue);
  const lag = reactor.lagSeconds < 1 ? t('ops.noLag') : t('ops.lag', { time: duration(reactor.lagSeconds) });
  return html`<section class="card" aria-labelledby="mails">
    <h2 id="mails">${t('ops.mails')}</h2>
    <p class="quiet">${reactor.leader ? lag : t('ops.noReactor')} ${t('ops.waiting', { count: waiting })} ${planned > 0 && t('ops.planned', { count: planned })}</p>
    <${Problem} text=${problem} />
    ${
      mails.length > 0 &&
      html`
      <div class="scrolled" tabindex="0" role="group" aria-labelledby="mails"><table>
        <thead><tr><th scope="col">${t('ops.mail')}</th><th scope="col">${t('ops.due')}</th><th scope="col">${t('ops.tries')}</th><th scope="col">${t('ops.lastError')}</th></tr></thead>
        <tbody>${mails.map(
          ({ id, name, dueAt, tries, lastError }) => html`<tr key=${id}>
            <td>${tOr(`ops.job.${name}`, 'ops.job.other')}</td><td>${ago(dueAt)}</td><td>${tries}</td><td>${lastError ?? '–'}</td>
          </tr>`,
        )}</tbody>
      </table></div>
      <button type="button" disabled=${busy} onClick=${() => void run()}>${t('ops.sendNow')}</button>`
    }
  </section>`;
}

/**
 * How many mails wait, of which the list has the first ones only, and how many reminders have a time that is yet to come. The queue has
 * other jobs as well, such as what lets an invitation expire.
 *
 * @param {readonly Kind[]} queue
 */
function mailsIn(queue) {
  const mails = queue.filter(({ name }) => name.startsWith('send-'));
  const planned = mails.find(({ name }) => name === 'send-reminder')?.later ?? 0;
  const all = mails.reduce((sum, { due, later, exhausted }) => sum + due + later + exhausted, 0);
  return { waiting: all - planned, planned };
}
