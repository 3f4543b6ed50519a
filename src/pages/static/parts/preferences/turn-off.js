import { ask } from '../../app/api.js';
import { byPerson } from '../../app/by-person.js';
import { t } from '../../app/i18n.js';
import { useTask } from '../../app/use-task.js';
import { html, useState } from '../../library.js';
import { Heading } from '../heading.js';
import { Problem } from '../problem.js';

/**
 * Turns off the mails that a link came in: on a click, for scanners open links too.
 *
 * @param {{ token: string, chooseAll: () => void }} props
 */
export function TurnOff({ token, chooseAll }) {
  const [turnedOff, setTurnedOff] = useState('');
  const { busy, problem, run } = useTask(async () => {
    const answer = await ask(`POST /notifications/unsubscribe?token=${encodeURIComponent(token)}`, {
      key: null,
      mayBeNobody: true,
    });
    setTurnedOff(answer.turnedOff);
  });
  const all = html`<button type="button" onClick=${byPerson(chooseAll)}>${t('preferences.chooseAll')}</button>`;
  if (turnedOff) {
    const kind = turnedOff === 'digests' ? t('preferences.digests') : t('preferences.renewalRequests');
    return html`<section class="card">
      <${Heading} title=${t('preferences.turnedOffTitle')} />
      <p>${t('preferences.turnedOffText', { kind })}</p>
      <div class="actions">${all}</div>
    </section>`;
  }
  return html`<section class="card" aria-busy=${String(busy)}>
    <${Heading} title=${t('preferences.turnOffTitle')} />
    <p class="quiet">${t('preferences.turnOffText')}</p>
    <${Problem} text=${problem} />
    <div class="actions">
      <button type="button" class="primary" disabled=${busy} onClick=${byPerson(() => void run())}>${t('preferences.turnOff')}</button>
      ${all}
    </div>
  </section>`;
}
