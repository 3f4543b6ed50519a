import { codeText } from '../app/api.js';
import { useFocus } from '../app/focus.js';
import { t, tOr } from '../app/i18n.js';
import { html } from '../library.js';

/**
 * @typedef {object} Result
 * @property {string} input
 * @property {string} [email]
 * @property {string} outcome
 * @property {string} [delivery] `suppressed` where no mail will go out
 * @property {{ code: string, possibleAt?: string }} [problem]
 */

/** What became of each address: first those that something is to be done about. @param {{ results: readonly Result[] }} props */
export function InviteResults({ results }) {
  const ref = useFocus([results]);
  const isInvited = (/** @type {Result} */ result) => kindOf(result) === 'invited';
  const inOrder = [...results.filter((result) => !isInvited(result)), ...results.filter(isInvited)];
  return html`<section class="results">
    <h2 ref=${ref} tabindex="-1">${t('invite.results')}</h2>
    <ul>
      ${inOrder.map(
        (result) => html`<li class=${isInvited(result) ? 'good' : 'other'}>
          <span class="sign" aria-hidden="true">${isInvited(result) ? '✓' : '!'}</span>
          <span><strong>${result.email ?? result.input}</strong> <span class="told quiet small">${told(result)}</span></span>
        </li>`,
      )}
    </ul>
  </section>`;
}

/** Of what is possible later, in how much time that is. @param {Result} result */
function told(result) {
  const { problem } = result;
  if (problem?.possibleAt) return codeText(problem.code, (Date.parse(problem.possibleAt) - Date.now()) / 1000);
  return tOr(`invite.outcome.${kindOf(result)}`, 'problem.unknown');
}

/** Who is invited at an address that takes no mails has to be told of another way. @param {Result} result */
function kindOf({ outcome, delivery }) {
  return delivery === 'suppressed' ? delivery : outcome;
}
