import type { Test } from 'tap';
import { type Decider, fold } from '../../../src/domain/decider.js';
import { deepFreeze } from './deep-freeze.js';
import { type Verdict, verdictOf } from './spec.js';

/**
 * The rules at a glance: a row per command, a column per state, and in each cell what comes of it: the types of the
 * events, `[]` where nothing does, or the code of the refusal. Typed so that a table does not compile when a command, a
 * status or a code is added without its row, column or cell.
 */
export type Rows<Command extends Typed, Columns extends string, Event extends Typed> = {
  readonly [Type in Command['type']]: {
    /** The command, as it would come at the moment of a column. */
    readonly command: (now: string) => Extract<Command, { type: Type }>;
    /** What has to have happened besides what makes the state. */
    readonly after?: readonly Event[];
    readonly leadsTo: Readonly<Record<Columns, Verdict<Event['type']>>>;
  };
};

/** A state by the events that lead to it, and the moment at which the commands come. */
export interface Column<Event, Status> {
  readonly history: readonly Event[];
  readonly status: Status;
  readonly now: string;
}

interface Typed {
  readonly type: string;
}

interface AnyRow<Command, Event extends Typed> {
  readonly command: (now: string) => Command;
  readonly after?: readonly Event[];
  readonly leadsTo: Readonly<Record<string, Verdict<Event['type']>>>;
}

/** Tries every command in every state. */
export function checkTable<Command extends Typed, State extends { readonly status: string }, Event extends Typed>(
  t: Test,
  decider: Decider<Command, State, Event>,
  columns: Readonly<Record<string, Column<Event, State['status']>>>,
  rows: Readonly<Record<string, AnyRow<Command, Event>>>,
): void {
  for (const [name, { history, status, now }] of Object.entries(columns)) {
    t.equal(fold(decider, history).status, status, `the column "${name}" is what it says`);
    for (const [type, { command, after = [], leadsTo }] of Object.entries(rows)) {
      const state = deepFreeze(fold(decider, [...history, ...after]));
      const verdict = verdictOf(() => decider.decide(deepFreeze(command(now)), state));
      t.strictSame(verdict, leadsTo[name], `${type} when ${name}`);
    }
  }
}
