import { useFocus } from '../app/focus.js';
import { t, tOr } from '../app/i18n.js';
import { html } from '../library.js';

/** @typedef {{ input: string, email?: string, outcome: string }} Result */

/** What became of each address, newest request first. @param {{ results: readonly Result[] }} props */
export function InviteResults({ results }) {
  const ref = useFocus([results]);
  return html`<section class="results">
    <h2 ref=${ref} tabindex="-1">${t('invite.results')}</h2>
    <ul>
      ${results.map(
        ({ input, email, outcome }) => html`<li class=${outcome === 'invited' ? 'good' : 'other'}>
          <span class="sign" aria-hidden="true">${outcome === 'invited' ? '✓' : '!'}</span>
          <span><strong>${email ?? input}</strong> <span class="quiet">${tOr(`invite.outcome.${outcome}`, 'problem.unknown')}</span></span>
        </li>`,
      )}
    </ul>
  </section>`;
}
