import type { IndexProgress } from '../rebuilding/index-progress.js';
import type { Progress } from '../rebuilding/standing.js';
import { count, duration, percent } from './table.js';
import type { Terminal } from './terminal.js';

/** How often a bar is drawn anew, and how often a line is written where nobody watches, in milliseconds. */
const REDRAW = 100;
const LINE = 5_000;

const BAR = 24;

/** Shows how far something is: a bar for a person, a line now and then for a file, nothing where JSON is wanted. */
export class ProgressBar {
  private drawnAt = Number.NEGATIVE_INFINITY;
  private isDrawn = false;
  /** What it was at when it was last shown. */
  private stage = '';

  constructor(
    private readonly what: string,
    private readonly terminal: Terminal,
  ) {}

  readonly show = (progress: Progress): void => {
    const { json, interactive, note, width } = this.terminal;
    if (json) return;
    const now = performance.now();
    const stage = stageOf(progress);
    if (now - this.drawnAt < (interactive ? REDRAW : LINE) && stage === this.stage) return;
    this.stage = stage;
    this.drawnAt = now;
    const line = `${this.what}  ${bar(shareOf(progress))}  ${describe(progress)}`;
    this.isDrawn = interactive;
    note(interactive ? `\r${line.slice(0, width - 1).padEnd(width - 1)}` : `${line}\n`);
  };

  /** Leaves the bar as it stands. */
  end(): void {
    if (this.isDrawn) this.terminal.note('\n');
    this.isDrawn = false;
  }
}

/** What a person wants to know of at once: that it has begun with something else, or has read all. */
function stageOf({ phase, step, index, share }: Progress): string {
  return [phase, step?.number, index?.phase, share >= 1].join();
}

/** How far it is with what it is at, from 0 to 1: while it makes indexes, with all of them. */
function shareOf({ step, index, share }: Progress): number {
  return step ? (step.number - 1 + shareOfIndex(index)) / step.of : share;
}

/** Reading the table takes about half of the time that an index takes, and writing it the other half. */
function shareOfIndex(index: IndexProgress | null): number {
  if (!index) return 0;
  const done = index.total > 0 ? index.done / index.total : 0;
  return { starting: 0, scanning: done / 2, sorting: 0.5, loading: (1 + done) / 2 }[index.phase];
}

function bar(share: number): string {
  const full = Math.floor(share * BAR);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`;
}

const DOING = {
  indexing: 'making index',
  comparing: 'comparing with the live tables',
  switching: 'switching',
} as const;

const INDEXING = {
  starting: 'beginning',
  scanning: 'reading the table',
  sorting: 'sorting',
  loading: 'writing the index',
} as const;

/** `: reading the table, 5,120 of 20,480 blocks (25.0%)` */
function indexText(index: IndexProgress | null): string {
  if (!index) return '';
  const { phase, done, total, unit } = index;
  const part = total > 0 ? `, ${count(done)} of ${count(total)} ${unit} (${percent(done / total)})` : '';
  return `: ${INDEXING[phase]}${part}`;
}

/** `61.3%  612,933 of about 1,000,000 events, 52,310/s, 8s left` */
export function describe({ phase, step, index, share, events, total, rate, eta }: Progress): string {
  if (phase && phase !== 'reading') {
    const which = step ? ` ${step.number} of ${step.of}` : '';
    return `${count(events)} events, ${DOING[phase]}${which}${indexText(index)}`;
  }
  const done = share < 1 ? `${count(events)} of about ${count(total)} events` : `${count(events)} events`;
  const left = share < 1 && eta !== null ? `, ${duration(eta)} left` : '';
  return `${percent(share)}  ${done}, ${count(rate)}/s${left}`;
}
