import { useFocus } from '../app/focus.js';
import { ago, t, tOr } from '../app/i18n.js';
import { html } from '../library.js';

/** @typedef {{ input: string, email?: string, outcome: string, problem?: { code: string, possibleAt?: string } }} Result */

/** What became of each address, newest request first. @param {{ results: readonly Result[] }} props */
export function InviteResults({ results }) {
  const ref = useFocus([results]);
  return html`<section class="results">
    <h2 ref=${ref} tabindex="-1">${t('invite.results')}</h2>
    <ul>
      ${results.map(
        ({ input, email, outcome, problem }) => html`<li class=${outcome === 'invited' ? 'good' : 'other'}>
          <span class="sign" aria-hidden="true">${outcome === 'invited' ? '✓' : '!'}</span>
          <span><strong>${email ?? input}</strong> <span class="quiet">${told(outcome, problem)}</span></span>
        </li>`,
      )}
    </ul>
  </section>`;
}

/**
 * @param {string} outcome
 * @param {Result['problem']} problem
 */
function told(outcome, problem) {
  if (problem?.code === 'resend-too-soon') return t('problem.resend-too-soon');
  const when = problem?.possibleAt ? { when: ago(problem.possibleAt) } : {};
  return tOr(`invite.outcome.${outcome}`, 'problem.unknown', when);
}
