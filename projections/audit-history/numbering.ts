import type { Rows } from '../../src/projecting/rows.js';
import type { CounterRow, KindRow, WorkspaceRow } from './tables.js';

const COUNTER = { counter: 'numbers' } as const;

/** The numbers by which records know what they are found by, given in the order in which it first occurs. */
export class Numbering {
  constructor(
    private readonly counters: Rows<CounterRow>,
    private readonly workspaces: Rows<WorkspaceRow>,
    private readonly kinds: Rows<KindRow>,
  ) {}

  /** One that nothing has. */
  next(): number {
    const count = (this.counters.get(COUNTER)?.count ?? 0) + 1;
    this.counters.put({ ...COUNTER, count });
    return count;
  }

  workspace(workspace_id: string): number {
    const known = this.workspaces.get({ workspace_id });
    if (known) return known.number;
    const number = this.next();
    this.workspaces.put({ workspace_id, number });
    return number;
  }

  kind(workspace_id: string, type: string): number {
    const known = this.kinds.get({ workspace_id, type });
    if (known) return known.number;
    const number = this.next();
    this.kinds.put({ workspace_id, type, number });
    return number;
  }
}

/** What is read before any number is given. */
export const COUNTER_KEYS: readonly Pick<CounterRow, 'counter'>[] = [COUNTER];
