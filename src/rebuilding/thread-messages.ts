import type { Logger } from '../logger.js';
import type { Building } from './operations.js';
import type { Progress } from './standing.js';
import type { ToldError } from './told-error.js';

/** What a thread is given when it starts. */
export interface ThreadData<Settings> {
  readonly work: ThreadWork;
  /** What it needs to open the stores. */
  readonly settings: Settings;
}

/** What a thread is started for. */
export interface ThreadWork {
  readonly operation: keyof Building;
  readonly projection: string;
  /** What was asked for together with it: by whom and why, and whether to switch. */
  readonly request: object;
}

/** What a thread tells the one that started it. */
export type FromThread =
  | { readonly tells: 'progress'; readonly progress: Progress }
  | { readonly tells: 'line'; readonly line: LogLine }
  | { readonly tells: 'result'; readonly result: unknown }
  | { readonly tells: 'failure'; readonly error: ToldError };

/** A line for the log of the service. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly fields: object;
  readonly err: ToldError | undefined;
  readonly message: string;
}

/** All that a thread is told while it works: to end after the piece under way. */
export const INTERRUPT = 'interrupt';
