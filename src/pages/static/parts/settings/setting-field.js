import { html } from '../../library.js';
import { Problem } from '../problem.js';

/**
 * A field with its label, a hint, and what is wrong with it: said with the field by a screen reader.
 *
 * @param {{ id: string, label: string, hint: string, problem?: string, children?: import('../../library.js').Child,
 *   control: (attributes: Record<string, string>) => import('../../library.js').Child }} props
 *   control: draws the field with these attributes
 */
export function SettingField({ id, label, hint, problem = '', control, children }) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${control({
      id,
      name: id,
      'aria-describedby': `${id}-hint ${id}-problem`,
      'aria-invalid': String(problem !== ''),
    })}
    <small id=${`${id}-hint`} class="quiet">${hint}</small>
    <${Problem} id=${`${id}-problem`} text=${problem} />
    ${children}
  </div>`;
}

/** What stands in the field that an event is about. @param {Event} event */
export const typed = (event) => /** @type {HTMLInputElement | HTMLTextAreaElement} */ (event.currentTarget).value;
