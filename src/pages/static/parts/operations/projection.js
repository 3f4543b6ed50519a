import { duration, percent } from '../../app/duration.js';
import { ago, number, t } from '../../app/i18n.js';
import { askAsOperator } from '../../app/operator.js';
import { useTask } from '../../app/use-task.js';
import { html, useState } from '../../library.js';
import { Problem } from '../problem.js';
import { ParkedStreams } from './parked-streams.js';
import { PreviousTables } from './previous-tables.js';

/**
 * @typedef {object} Progress
 * @property {'waiting' | 'reading' | 'indexing' | 'comparing' | 'switching' | null} phase
 * @property {{ number: number, of: number } | null} step
 * @property {{ phase: 'starting' | 'scanning' | 'sorting' | 'loading', done: number, total: number } | null} [index]
 * @property {number} events
 * @property {number} total
 * @property {number} share
 * @property {number} rate
 * @property {number | null} eta
 */

/**
 * @typedef {object} Standing
 * @property {string} name
 * @property {number} version
 * @property {string} updatedAt
 * @property {{ since: string, by: string | null, reason: string | null } | null} paused
 * @property {boolean} followed
 * @property {number} share
 * @property {{ streams: number, events: number, first: import('./parked-streams.js').Parked[] }} parked
 * @property {number} lagSeconds
 * @property {boolean} newerThanLog
 * @property {{ version: number, progress: Progress } | null} next
 * @property {{ version: number } | null} previous
 */

/** @typedef {import('./previous-tables.js').Deed} Deed */

/** @type {Deed} */
const REBUILD = {
  operation: 'rebuild',
  body: { switch: true },
  done: 'ops.rebuilt',
  failed: 'ops.rebuildFailed',
};

/** Milliseconds between two looks at a rebuild. */
const LOOK = 250;

/** How one projection stands, and its rebuild. @param {{ standing: Standing, refresh: () => Promise<void> }} props */
export function Projection({ standing, refresh }) {
  const { name, parked, previous } = standing;
  const [progress, setProgress] = useState(/** @type {Progress | undefined} */ (undefined));
  const [said, setSaid] = useState('');
  const { busy, problem, run } = useTask(async (/** @type {Deed} */ { operation, body, done, failed }) => {
    setSaid('');
    await askAsOperator(`POST /operations/projections/${name}/${operation}`, { body });
    for (;;) {
      const { work } = await askAsOperator(`GET /operations/projections/${name}`);
      setProgress(work?.progress ?? undefined);
      if (work?.state === 'running') {
        await new Promise((resolve) => setTimeout(resolve, LOOK));
        continue;
      }
      if (work) setSaid(work.state === 'done' ? t(done) : t(failed, { why: work.error?.message ?? '' }));
      break;
    }
    setProgress(undefined);
    await refresh();
  });
  const shown = progress ?? standing.next?.progress;
  return html`<li class="standing">
    <div class="standing-head">
      <strong>${name}</strong>
      <span class=${`state ${stateOf(standing)}`}>${t(`ops.state.${stateOf(standing)}`)}</span>
      <span class="quiet small">${t('ops.behind', { share: percent(standing.share), when: ago(standing.updatedAt) })}${standing.lagSeconds > 0 ? ` · ${t('ops.lagOf', { time: duration(standing.lagSeconds) })}` : ''}</span>
      <button type="button" disabled=${busy} aria-label=${t('ops.rebuildNamed', { name })} onClick=${() => void run(REBUILD)}>${t('ops.rebuild')}</button>
    </div>
    ${
      (busy || shown) &&
      html`<div class="rebuild">
        <progress max="1" value=${shown?.share ?? 0} aria-label=${t('ops.progressOf', { name })}></progress>
        <span class="small quiet">${progressText(shown)}</span>
      </div>`
    }
    ${standing.paused && html`<p class="small">${pauseText(standing.paused)}</p>`}
    <p class="small" role="status">${said}</p>
    <${Problem} text=${problem} />
    ${previous && html`<${PreviousTables} name=${name} version=${previous.version} busy=${busy} act=${run} />`}
    ${parked.streams > 0 && html`<${ParkedStreams} name=${name} parked=${parked} refresh=${refresh} />`}
  </li>`;
}

/** @param {Standing} standing @returns {'newer' | 'paused' | 'alone' | 'behind' | 'live'} */
function stateOf({ newerThanLog, paused, followed, share }) {
  if (newerThanLog) return 'newer';
  if (paused) return 'paused';
  if (!followed) return 'alone';
  return share < 1 ? 'behind' : 'live';
}

/** @param {NonNullable<Standing['paused']>} pause */
function pauseText({ since, by, reason }) {
  const who = by === null ? t('ops.paused', { when: ago(since) }) : t('ops.pausedBy', { who: by, when: ago(since) });
  return reason === null ? who : `${who}: ${reason}`;
}

/** @param {Progress | undefined} progress */
function progressText(progress) {
  if (!progress) return t('ops.starting');
  const { phase, step, index, events, total, rate, eta } = progress;
  if (phase === 'indexing') {
    const which = step ? t('ops.phase.indexing', { number: step.number, of: step.of }) : t('ops.phase.indexes');
    return index ? `${which} · ${indexText(index)}` : which;
  }
  if (phase === 'waiting' || phase === 'comparing' || phase === 'switching') return t(`ops.phase.${phase}`);
  const done = t('ops.events', { events, total: number(total), rate: number(Math.round(rate)) });
  return eta === null ? done : `${done} · ${t('ops.left', { time: duration(Math.max(1, Math.round(eta))) })}`;
}

/** @param {NonNullable<Progress['index']>} index */
function indexText({ phase, done, total }) {
  return t(`ops.index.${phase}`) + (total > 0 ? ` ${percent(done / total)}` : '');
}
