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
  private phase: Progress['phase'] = null;

  constructor(
    private readonly what: string,
    private readonly terminal: Terminal,
  ) {}

  readonly show = (progress: Progress): void => {
    const { json, interactive, note, width } = this.terminal;
    if (json) return;
    const now = performance.now();
    const isNews = progress.share >= 1 || progress.phase !== this.phase;
    if (now - this.drawnAt < (interactive ? REDRAW : LINE) && !isNews) return;
    this.phase = progress.phase;
    this.drawnAt = now;
    const line = `${this.what}  ${bar(progress.share)}  ${describe(progress)}`;
    this.isDrawn = interactive;
    note(interactive ? `\r${line.slice(0, width - 1).padEnd(width - 1)}` : `${line}\n`);
  };

  /** Leaves the bar as it stands. */
  end(): void {
    if (this.isDrawn) this.terminal.note('\n');
    this.isDrawn = false;
  }
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

/** `61.3%  612,933 of about 1,000,000 events, 52,310/s, 8s left` */
export function describe({ phase, step, share, events, total, rate, eta }: Progress): string {
  if (phase && phase !== 'reading') {
    const which = step ? ` ${step.number} of ${step.of}` : '';
    return `${count(events)} events, ${DOING[phase]}${which}`;
  }
  const done = share < 1 ? `${count(events)} of about ${count(total)} events` : `${count(events)} events`;
  const left = share < 1 && eta !== null ? `, ${duration(eta)} left` : '';
  return `${percent(share)}  ${done}, ${count(rate)}/s${left}`;
}
