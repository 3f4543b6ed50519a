import { t } from '../../app/i18n.js';
import { useSaving } from '../../app/use-saving.js';
import { html, useState } from '../../library.js';
import { Section } from './section.js';
import { SettingField, typed } from './setting-field.js';

const DAY = 24 * 60 * 60;

/** Days, to two decimals: another client may have set some seconds. @param {number} seconds */
const daysOf = (seconds) => String(Math.round((seconds / DAY) * 100) / 100);

/** @param {{ workspace: import('../../app/use-saving.js').Workspace }} props */
export function RemindersForm({ workspace }) {
  const [reminders, setReminders] = useState(workspace.reminders);
  const [enabled, setEnabled] = useState(reminders.enabled);
  const [days, setDays] = useState(daysOf(reminders.afterSeconds));
  const isOther = enabled && days !== daysOf(reminders.afterSeconds);
  const saving = useSaving(
    `/workspaces/${workspace.id}`,
    () => ({ reminders: { enabled, ...(isOther ? { afterSeconds: Math.round(Number(days) * DAY) } : {}) } }),
    (saved) => {
      setReminders(saved.reminders);
      setDays(daysOf(saved.reminders.afterSeconds));
    },
  );
  const wrong = saving.refusal?.code === 'invalid-reminders' ? saving.problem : '';
  return html`<${Section} id="reminders" title=${t('settings.reminders')} text=${t('settings.remindersText')} saving=${saving}
    isTold=${wrong !== ''}>
    <label class="toggle">
      <input type="checkbox" name="reminders" checked=${enabled} onInput=${(/** @type {Event} */ event) =>
        setEnabled(/** @type {HTMLInputElement} */ (event.currentTarget).checked)} />
      <span>${t('settings.remind')}</span>
    </label>
    <${SettingField} id="remind-after" label=${t('settings.remindAfter')} hint=${t('settings.remindAfterHint')} problem=${wrong}
      control=${(
        /** @type {object} */ attributes,
      ) => html`<input ...${attributes} class="days" type="number" min="1" max="29"
        step="any" required disabled=${!enabled} value=${days} onInput=${(/** @type {Event} */ event) => setDays(typed(event))} />`} />
  <//>`;
}
