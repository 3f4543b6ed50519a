import { t } from '../app/i18n.js';
import { html } from '../library.js';

/** @typedef {'developer' | 'administrator'} InvitableRole */

export const INVITABLE_ROLES = /** @type {const} */ (['developer', 'administrator']);

/** @param {{ value: InvitableRole, change: (role: InvitableRole) => void }} props */
export function PermissionChoice({ value, change }) {
  return html`<fieldset class="field choices">
    <legend>${t('invite.permission')}</legend>
    ${INVITABLE_ROLES.map(
      (role) => html`<label class="choice">
        <input type="radio" name="role" value=${role} checked=${role === value} onChange=${() => change(role)} />
        <span><strong>${t(role)}</strong><small class="quiet">${t(`invite.${role}Text`)}</small></span>
      </label>`,
    )}
  </fieldset>`;
}
