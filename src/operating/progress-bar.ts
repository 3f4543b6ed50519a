import type { IndexProgress } from '../rebuilding/index-progress.js';
import type { Progress } from '../rebuilding/standing.js';
import { count, duration, percent } from './table.js';
import type { Terminal } from './terminal.js';

/** How often a bar is drawn anew, and how often a line is written where nobody watches, in milliseconds. */
const REDRAW = 100;
const LINE = 5_000;

/** How long a bar is where there is room for it, and where there is little. */
const BAR = 24;
const SHORT_BAR = 8;

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
    const stage = stageOf(progress, interactive);
    if (now - this.drawnAt < (interactive ? REDRAW : LINE) && stage === this.stage) return;
    this.stage = stage;
    this.drawnAt = now;
    const told = describe(progress);
    const line = (long: number) => `${this.what}  ${bar(shareOf(progress), long)}  ${told}`;
    this.isDrawn = interactive;
    note(interactive ? `\r${fitted(line, width - 1)}` : `${line(BAR)}\n`);
  };

  /** Leaves the bar as it stands. */
  end(): void {
    if (this.isDrawn) this.terminal.note('\n');
    this.isDrawn = false;
  }
}

/** What is told at once: that it has begun with something else, or has read all; to who watches, also each index. */
function stageOf({ phase, step, index, share }: Progress, interactive: boolean): string {
  return [phase, share >= 1, ...(interactive ? [step?.number, index?.phase] : [])].join();
}

/** How far it is with what it is at, from 0 to 1: while it makes indexes, with all of them, where it is known how many. */
function shareOf({ step, index, share }: Progress): number {
  if (step) return (step.number - 1 + shareOfIndex(index)) / step.of;
  return index ? shareOfIndex(index) : share;
}

/** Reading the table takes about half of the time that an index takes, and writing it the other half. */
function shareOfIndex(index: IndexProgress | null): number {
  if (!index) return 0;
  const done = index.total > 0 ? index.done / index.total : 0;
  return { starting: 0, scanning: done / 2, sorting: 0.5, loading: (1 + done) / 2 }[index.phase];
}

function bar(share: number, long: number): string {
  const full = Math.floor(share * long);
  return `[${'#'.repeat(full)}${'.'.repeat(long - full)}]`;
}

/** A line of that width: with a shorter bar, and cut, where it would be longer. */
function fitted(line: (bar: number) => string, width: number): string {
  const spare = width - line(0).length;
  const text = line(Math.min(BAR, Math.max(SHORT_BAR, spare)));
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

const DOING = {
  waiting: 'waiting for other work',
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

/** `: reading the table, 25.0% of 20,480 blocks` */
function indexText(index: IndexProgress | null): string {
  if (!index) return '';
  const { phase, done, total, unit } = index;
  const part = total > 0 ? `, ${percent(done / total)} of ${count(total)} ${unit}` : '';
  return `: ${INDEXING[phase]}${part}`;
}

/** `61.3%  612,933 of about 1,000,000 events, 52,310/s, 8s left` */
export function describe({ phase, step, index, share, events, total, rate, eta }: Progress): string {
  if (phase && phase !== 'reading') {
    const which = step ? ` ${step.number} of ${step.of}` : '';
    return `${DOING[phase]}${which}${indexText(index)}`;
  }
  const done = share < 1 ? `${count(events)} of about ${count(total)} events` : `${count(events)} events`;
  const left = share < 1 && eta !== null ? `, ${duration(eta)} left` : '';
  return `${percent(share)}  ${done}, ${count(rate)}/s${left}`;
}
