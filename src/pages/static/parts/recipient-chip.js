import { t } from '../app/i18n.js';
import { html } from '../library.js';

/** @typedef {import('../app/recipients.js').Recipient} Recipient */

/** @param {{ person: Recipient, remove: (person: Recipient) => void, edit: (person: Recipient) => void }} props */
export function RecipientChip({ person, remove, edit }) {
  const { name, email, input, problem } = person;
  const who = name ?? email ?? input;
  return html`<li class=${problem ? 'chip bad' : 'chip'}>
    <button type="button" class="chip-text cut" title=${problem ?? email} aria-label=${t('invite.edit', { who: name ? `${name} ${email}` : who })}
      onClick=${() => edit(person)}>
      ${problem && html`<span aria-hidden="true">⚠ </span>`}${who}${name && html` <span class="quiet">${email}</span>`}
    </button>
    <button type="button" class="chip-remove" aria-label=${t('invite.remove', { who })} onClick=${() => remove(person)}>×</button>
  </li>`;
}
