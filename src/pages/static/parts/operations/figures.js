import { duration } from '../../app/duration.js';
import { t } from '../../app/i18n.js';
import { html } from '../../library.js';
import { BarChart } from './bar-chart.js';

const OUTCOMES = /** @type {const} */ (['accepted', 'waiting', 'declined', 'expired', 'revoked']);

/**
 * @typedef {object} InvitationFigures
 * @property {Record<(typeof OUTCOMES)[number], number>} outcomes
 * @property {{ within: number | null, invitations: number }[]} timeToAccept
 * @property {number | null} medianSecondsToAccept
 */

/** How invitations fare. @param {{ figures: InvitationFigures }} props */
export function Figures({ figures: { outcomes, timeToAccept, medianSecondsToAccept: median } }) {
  const longest = duration(timeToAccept.at(-2)?.within ?? 0);
  return html`<section class="card charts" aria-labelledby="figures">
    <h2 id="figures">${t('ops.figures')}</h2>
    <${BarChart} title=${t('ops.outcomes')} kind="outcomes"
      bars=${OUTCOMES.map((each) => ({ label: t(`ops.outcome.${each}`), value: outcomes[each], kind: each }))} />
    <${BarChart} title=${t('ops.timeToAccept')} kind="times"
      bars=${timeToAccept.map(({ within, invitations }) => ({
        label: within === null ? t('ops.longerThan', { time: longest }) : t('ops.within', { time: duration(within) }),
        value: invitations,
        kind: 'accepted',
      }))} />
    <p class="quiet small">${median === null ? t('ops.noMedian') : t('ops.median', { time: duration(Math.max(1, median)) })}</p>
  </section>`;
}
