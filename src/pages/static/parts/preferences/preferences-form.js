import { ask } from '../../app/api.js';
import { t } from '../../app/i18n.js';
import { loadMe } from '../../app/session.js';
import { useTask } from '../../app/use-task.js';
import { html, useState } from '../../library.js';
import { LANGUAGES, NAMES } from '../../words/words.js';
import { notice } from '../notices.js';
import { Problem } from '../problem.js';

/** @typedef {import('../../app/session.js').Me['account']} Account */

/** @param {{ account: Account }} props */
export function PreferencesForm({ account }) {
  const [locale, setLocale] = useState(account.locale);
  const [notifications, setNotifications] = useState(account.notifications);
  const { busy, problem, run } = useTask(async () => {
    await ask('PATCH /me', { body: { notifications, ...(locale === null ? {} : { locale }) } });
    await loadMe();
    notice(t('preferences.saved'));
  });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void run();
  };
  /** @param {keyof Account['notifications']} kind */
  const box = (kind) => html`<label class="mail-choice">
    <input type="checkbox" name=${kind} checked=${notifications[kind]} aria-describedby=${`${kind}-hint`}
      onChange=${(/** @type {Event} */ event) =>
        setNotifications({
          ...notifications,
          [kind]: /** @type {HTMLInputElement} */ (event.currentTarget).checked,
        })} />
    <span>${t(`preferences.${kind}`)}<small id=${`${kind}-hint`} class="quiet">${t(`preferences.${kind}Hint`)}</small></span>
  </label>`;

  return html`<form onSubmit=${submit}>
    <p class="quiet">${t('preferences.lead', { email: account.email })}</p>
    <fieldset class="mail-choices">
      <legend>${t('preferences.mails')}</legend>
      ${box('digests')} ${box('renewalRequests')}
    </fieldset>
    <label class="field">
      <span>${t('preferences.language')}</span>
      <select name="locale" value=${locale ?? ''} onChange=${(/** @type {Event} */ event) =>
        setLocale(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
        ${locale === null && html`<option value="">${t('preferences.noLanguage')}</option>`}
        ${LANGUAGES.map((each) => html`<option value=${each} lang=${each} selected=${each === locale}>${NAMES[each]}</option>`)}
      </select>
      <small class="quiet">${t('preferences.languageHint')}</small>
    </label>
    <${Problem} text=${problem} />
    <button type="submit" class="primary block" disabled=${busy}>${t('preferences.save')}</button>
  </form>`;
}
