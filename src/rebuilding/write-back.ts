import type { ControlledTransaction } from 'kysely';

import { type Position, type RecordedEvent, START } from '../event-store/event-store.js';
import { Copying } from '../projecting/copy-rows.js';
import type { Piece } from '../projecting/pieces.js';
import type { Projection } from '../projecting/projection.js';
import { type TableChanges, Tables } from '../projecting/tables.js';
import type { SetAside } from './set-aside.js';
import { type AnyDatabase, makeKeys, type Slot, truncateEmpty } from './slot.js';

/** When rows that were folded in memory are written. */
export interface WriteBackLimits {
  /** How many values of rows are held. With more, all are written and forgotten, and read again when an event concerns them. */
  readonly values: number;
  /** How many values wait that are not needed for folding any more, before they are sent to the database. */
  readonly pastValues: number;
  /** After so long, in milliseconds of work, rows and checkpoint are written: what is lost when the process is killed. */
  readonly commitAfter: number;
}

/** Of people, so many values take some 150 MB. */
const LIMITS: WriteBackLimits = { values: 3_600_000, pastValues: 150_000, commitAfter: 20_000 };

/** From this share of all values that may be held on, memory is short. */
const MUCH = 0.5;

export interface WriteBackOptions {
  /** In which statements go to the slot's tables. */
  readonly db: AnyDatabase;
  readonly projection: Projection;
  readonly slot: Slot;
  readonly aside: SetAside;
  /** Where the tables stand. */
  readonly after: Position;
  readonly limits?: Partial<WriteBackLimits>;
  /** Moves the checkpoint, within the transaction that holds all rows up to there. */
  readonly onCommit: (tx: AnyDatabase, part: FoldedPart) => Promise<void>;
}

/** What writes until the next commit. */
interface Writer {
  readonly transaction: ControlledTransaction<unknown>;
  readonly copying: Copying;
}

/** What is committed at once. */
export interface FoldedPart {
  readonly from: Position;
  readonly to: Position;
  readonly events: number;
  readonly last: RecordedEvent | undefined;
}

/**
 * Folds events into rows in memory, and writes them now and then: a row that many events change is written once for all of them.
 * Tables that it fills from the log's start are never read, and their keys are made only when rows have to be written over.
 *
 * It writes while it folds on. What is written before the commit is seen by nobody; a failure leaves the tables where the last
 * commit left them.
 */
export class WriteBack {
  private readonly limits: WriteBackLimits;
  private readonly tables: Tables;
  private writer: Writer | undefined;
  private writing: Promise<void> = Promise.resolve();
  private committedAt = performance.now();
  /** Whether nothing has been written to the tables that is committed. */
  private isFirst: boolean;
  private folded: FoldedPart;

  constructor(private readonly options: WriteBackOptions) {
    const { db, projection, slot, after, limits } = options;
    this.limits = { ...LIMITS, ...limits };
    this.isFirst = after === START;
    this.folded = { from: after, to: after, events: 0, last: undefined };
    this.tables = new Tables(db as never, {
      areEmpty: this.isFirst,
      areOurs: true,
      makeKeys: (tx, table) => makeKeys(tx, projection, slot, table),
    });
  }

  /** Up to where events have been folded. */
  get position(): Position {
    return this.folded.to;
  }

  /** Whether it holds so many rows that little memory is left to work in. */
  get holdsMuch(): boolean {
    return this.tables.values > MUCH * this.limits.values;
  }

  async fold({ events, position }: Piece): Promise<void> {
    const { projection, aside } = this.options;
    const { values, pastValues, commitAfter } = this.limits;
    await projection.fold?.(this.tables, aside.counting(events));
    const { from, events: before, last } = this.folded;
    this.folded = { from, to: position, events: before + events.length, last: events.at(-1) ?? last };
    if (this.tables.values > values) await this.forget();
    else if (performance.now() - this.committedAt > commitAfter) await this.startCommit();
    else if (this.tables.pastValues > pastValues) await this.startWriting(this.tables.takePast());
  }

  /** To be told for how long, in milliseconds, nothing was folded on purpose: no more is lost for it. */
  rested(milliseconds: number): void {
    this.committedAt += milliseconds;
  }

  /** Writes all that has been folded. */
  async commit(): Promise<void> {
    await this.startCommit();
    await this.writing;
  }

  /** Undoes what has not been committed. */
  async abandon(): Promise<void> {
    await this.writing.catch(() => {});
    await this.writer?.copying.end().catch(() => {});
    await this.writer?.transaction.rollback().execute();
  }

  private async forget(): Promise<void> {
    const { db, projection, slot } = this.options;
    await this.commit();
    this.tables.forget();
    await db.transaction().execute((tx) => makeKeys(tx, projection, slot));
  }

  private async startCommit(): Promise<void> {
    const part = this.folded;
    this.folded = { from: part.to, to: part.to, events: 0, last: undefined };
    this.committedAt = performance.now();
    if (part.to === part.from) return;
    await this.startWriting(this.tables.takeChanges(), async ({ transaction, copying }) => {
      await copying.end();
      await this.options.onCommit(transaction, part);
      await transaction.commit().execute();
      this.writer = undefined;
      this.isFirst = false;
    });
  }

  /** One piece of writing after another; the next one waits, or fails, for the one before. */
  private async startWriting(changes: TableChanges, then?: (writer: Writer) => Promise<void>): Promise<void> {
    await this.writing;
    this.writing = this.write(changes).then(then);
    // It is told to whoever waits for it next.
    this.writing.catch(() => {});
  }

  private async write(changes: TableChanges): Promise<Writer> {
    this.writer ??= await this.begin();
    const { transaction, copying } = this.writer;
    await this.tables.write(transaction as never, changes, copying);
    return this.writer;
  }

  private async begin(): Promise<Writer> {
    const { db, projection, slot } = this.options;
    const transaction = await db.startTransaction().execute();
    try {
      const truncated = this.isFirst ? await truncateEmpty(transaction, projection, slot) : undefined;
      return { transaction, copying: new Copying(transaction as never, truncated) };
    } catch (error) {
      await transaction.rollback().execute();
      throw error;
    }
  }
}
