import type { Pause, ProjectionStanding } from '../rebuilding/standing.js';
import { parkedStreamText, parkedText, poisonText, skippedText } from './parked-text.js';
import { describe } from './progress-bar.js';
import { duration, percent, table } from './table.js';

/** How many skipped events are shown; --json has them all. */
const SHOWN = 10;

const LEFT_BEHIND = 'left behind by a verify that was killed; drop it with --check';

/** How projections stand, a line each, and below what there is to be said of one of them. */
export function standingsText(standings: readonly ProjectionStanding[]): string {
  const rows = standings.map(
    ({ name, version, programVersion, share, lagSeconds, position, parked, next, previous, ...standing }) => [
      name,
      version === programVersion ? String(version) : `${version} (program: ${programVersion})`,
      stateOf(standing),
      percent(share),
      duration(lagSeconds),
      position || 'START',
      parkedText(parked),
      next ? `version ${next.version}, ${percent(next.progress.share)}` : '',
      previous ? `version ${previous.version}, stale at ${previous.position || 'START'}` : '',
    ],
  );
  const below = standings.flatMap(({ name, paused, workedOn, next, parked, skipped, check }) => [
    ...(paused ? [`${name}: PAUSED ${pauseText(paused)}`] : []),
    ...parked.first.map((stream) => `${name}: ${parkedStreamText(stream)}`),
    ...skipped.slice(0, SHOWN).map((event) => `${name}: ${skippedText(event)}`),
    ...(next ? [`${name}, next: ${describe(next.progress)}${workedOn ? ', being worked on' : ''}`] : []),
    ...(next?.failure ? [`${name}, next: STOPPED at ${poisonText(next.failure)}`] : []),
    ...(check ? [`${name}, check: ${workedOn ? 'being verified' : LEFT_BEHIND}`] : []),
  ]);
  const headings = ['projection', 'version', 'state', 'of log', 'behind', 'position', 'parked', 'next', 'previous'];
  return [table(headings, rows), ...(below.length > 0 ? ['', ...below] : [])].join('\n');
}

type State = Pick<ProjectionStanding, 'paused' | 'followed' | 'newerThanLog'>;

function stateOf({ paused, followed, newerThanLog }: State): string {
  if (newerThanLog) return 'NEWER THAN THE LOG';
  if (paused) return 'paused';
  return followed ? 'followed' : 'nobody follows';
}

/** `since 2026-01-01T00:00:00.000Z by ana@example.com: the disk is being replaced` */
export function pauseText({ since, by, reason }: Pause): string {
  return `since ${since} by ${by ?? 'somebody'}${reason === null ? '' : `: ${reason}`}`;
}
