import { ago, t } from '../../app/i18n.js';
import { askAsOperator } from '../../app/operator.js';
import { useTask } from '../../app/use-task.js';
import { html } from '../../library.js';
import { Problem } from '../problem.js';

/**
 * @typedef {{ stream: string, events: number, first: { type: string }, parkedAt: string,
 *   failure: { reason: string } | null }} Parked
 */

/**
 * Streams that a projection has set aside, because of an event that it fails at.
 *
 * @param {{ name: string, parked: { streams: number, first: Parked[] }, refresh: () => Promise<void> }} props
 */
export function ParkedStreams({ name, parked, refresh }) {
  const { busy, problem, run } = useTask(async () => {
    await askAsOperator(`POST /operations/projections/${name}/retry`, { body: {} });
    await refresh();
  });
  return html`<div class="parked">
    <p><strong>${t('ops.parked', { count: parked.streams })}</strong></p>
    <ul>
      ${parked.first.map(
        ({ stream, first, parkedAt, failure }) => html`<li key=${stream}>
          <code>${stream}</code> <span class="quiet small">${first.type}, ${ago(parkedAt)}</span><br />${failure?.reason}
        </li>`,
      )}
    </ul>
    <${Problem} text=${problem} />
    <button type="button" disabled=${busy} onClick=${() => void run()}>${t('ops.retryParked')}</button>
  </div>`;
}
