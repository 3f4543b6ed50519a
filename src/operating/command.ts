import type { EventStore } from '../event-store/event-store.js';
import type { ReactorOperations } from '../reactor/operations.js';
import type { ProjectionOperations } from '../rebuilding/operations.js';
import type { Terminal } from './terminal.js';

/** How a command ended, for scripts. The numbers never change. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  /** Tables differ; an export is not what it was. */
  differs: 3,
  /** Somebody else works on the projection. */
  busy: 4,
  /** An event cannot be projected. */
  poison: 5,
  /** By Ctrl-C; the same command goes on from there. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What commands act on. */
export interface Stores {
  readonly operations: ProjectionOperations;
  readonly reactor: ReactorOperations;
  readonly store: EventStore;
}

/** An access token for an operator. @throws when this environment does not have the keys of the service */
export type OperatorToken = (name: string, expiresAt: Date) => Promise<string>;

export interface Invocation {
  readonly stores: Stores;
  readonly operatorToken: OperatorToken;
  readonly terminal: Terminal;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  /** What stands behind the command's words. */
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** An option of a command. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** What its value is called in the help: `TEXT`. */
  readonly value?: string;
  /** What it is for, in a line. */
  readonly does: string;
}

/** What every command of the operator's tool tells of itself. */
export interface CommandWords {
  /** What it is called with: `NAME [--switch]`. */
  readonly synopsis: string;
  /** What it does, in a line. */
  readonly brief: string;
  /** The same with all that one should know. */
  readonly summary: string;
  /** Whole command lines, without the program's name, each with what it is for. */
  readonly examples: readonly (readonly [line: string, why: string])[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** How many arguments it takes besides options. */
  readonly arity: number;
}

/** A command that works on the stores of the service. */
export interface Command extends CommandWords {
  /** Whether it may take long while people wait for other things. */
  readonly takesLong?: boolean;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** A command that needs none of the stores. */
export interface OfflineCommand extends CommandWords {
  runOffline(invocation: Omit<Invocation, 'stores'>): Promise<ExitCode>;
}

/** A command line that nothing can be made of. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
