import type { Logger } from '../logger.js';
import type { Building } from './operations.js';
import type { Progress } from './standing.js';
import type { ToldError } from './told-error.js';

/** What a process is told first. */
export interface ProcessData<Settings> {
  readonly work: ProcessWork;
  /** What it needs to open the stores. */
  readonly settings: Settings;
}

/** What a process is started for. */
export interface ProcessWork {
  readonly operation: keyof Building;
  readonly projection: string;
  /** What was asked for together with it: by whom and why, and whether to switch. */
  readonly request: object;
}

/** What a process tells the one that started it. */
export type FromProcess =
  | { readonly tells: 'progress'; readonly progress: Progress }
  | { readonly tells: 'line'; readonly line: LogLine }
  | { readonly tells: 'result'; readonly result: unknown }
  | { readonly tells: 'failure'; readonly error: ToldError }
  /** Nobody caught it, and the process ends. */
  | { readonly tells: 'crash'; readonly error: ToldError };

/** A line for the log of the service. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly fields: object;
  readonly err: ToldError | undefined;
  readonly message: string;
}

/** All that a process is told while it works: to end after the piece under way. */
export const INTERRUPT = 'interrupt';
