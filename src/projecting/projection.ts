import type { RecordedEvent } from '../event-store/event-store.js';
import type { Tables } from './tables.js';
import type { ProjectionTransaction } from './transaction.js';

export type { ProjectionTransaction };

/** A read model and how events change it. The engine knows nothing else of it. */
export interface Projection {
  /** Kebab-case; names the checkpoint. */
  readonly name: string;
  /** Goes up when tables or handlers change in such a way that the rows have to be made again. */
  readonly version: number;
  /** The Postgres schema that holds its tables. */
  readonly schema: string;
  /** The streams whose events it wants. */
  readonly streamPrefixes: readonly string[];
  /** Names of indexes that `apply` reads by, besides the keys: a rebuild makes all others only when the rows are there. */
  readonly indexesOfApply?: readonly string[];
  /** Makes the tables in `schema`, which exists and is empty. */
  createTables(tx: ProjectionTransaction): Promise<void>;
  /**
   * Changes the tables by some events, in order. The checkpoint moves in the same transaction, so no event counts twice;
   * nothing else may be changed, and nobody told.
   */
  apply(tx: ProjectionTransaction, events: readonly RecordedEvent[]): Promise<void>;
  /**
   * The same in memory, where all tables that it changes are filled by it alone: then a rebuild keeps rows in memory and writes each
   * once for many events. See `folding`.
   */
  fold?(tables: Tables, events: readonly RecordedEvent[]): Promise<void>;
}
