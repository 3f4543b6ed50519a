import { t } from '../../app/i18n.js';
import { html } from '../../library.js';
import { Problem } from '../problem.js';

/**
 * A part of the settings: a form of its own, that tells whether it is saved. It is drawn anew at each input event, so that fields must
 * take their values from that one: by the change event that follows, a box would have been put back.
 *
 * @param {{ id: string, title: string, text: string, saving: import('../../app/use-saving.js').Saving, isTold?: boolean,
 *   children?: import('../../library.js').Child }} props isTold: a field says already what is wrong
 */
export function Section({ id, title, text, saving, isTold = false, children }) {
  const { busy, problem, isSaved, touch, save } = saving;
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void save();
  };
  return html`<section class="setting" aria-labelledby=${`${id}-title`}>
    <div>
      <h2 id=${`${id}-title`}>${title}</h2>
      <p class="small quiet">${text}</p>
    </div>
    <form class="card" aria-busy=${String(busy)} onSubmit=${submit} onInput=${touch}>
      ${children}
      <${Problem} text=${isTold ? '' : problem} />
      <div class="actions">
        <button type="submit" class="primary" aria-describedby=${`${id}-title`}>${t('settings.save')}</button>
        <span class=${isSaved ? 'saved' : 'quiet'} role="status">${busy ? t('settings.saving') : isSaved && t('settings.saved')}</span>
      </div>
    </form>
  </section>`;
}
