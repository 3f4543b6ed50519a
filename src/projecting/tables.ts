import type { Copying } from './copy-rows.js';
import { isOfTheEvent, RowFailure } from './row-failure.js';
import { deleteRows, lookUpKeys, readRows, upsertRows } from './row-statements.js';
import { type RowChanges, Rows } from './rows.js';
import { primaryKeyOf, storedRows, type Table } from './table.js';
import type { ProjectionTransaction } from './transaction.js';

export interface TablesOptions {
  /** Whether there is no row yet: then nothing is read at all. */
  readonly areEmpty?: boolean;
  /** Whether nobody else can write to them: then rows that were not there wait as bytes to be sent by COPY. */
  readonly areOurs?: boolean;
  /** Makes sure of the keys of a table, which may be left for later, before rows of them are written over. */
  readonly makeKeys?: (tx: ProjectionTransaction, table: string) => Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: rows differ from table to table
type AnyRow = any;

/** What is to be written to the tables of a projection. */
export type TableChanges = readonly { readonly table: Table<AnyRow>; readonly changes: RowChanges<AnyRow> }[];

/**
 * The tables of a projection as its `fold` sees them: rows that are read, changed in memory, and written when the engine decides
 * so, after one batch or after thousands.
 */
export class Tables {
  private readonly rowsOf = new Map<string, Rows<AnyRow>>();
  private areEmpty: boolean;

  /** @param db where rows are read from: must see all that was written before the last `forget` */
  constructor(
    private readonly db: ProjectionTransaction,
    private readonly options: TablesOptions = {},
  ) {
    this.areEmpty = options.areEmpty ?? false;
  }

  /** How many values are held in memory. */
  get values(): number {
    return this.sum(({ values }) => values);
  }

  /** How many of them will not be asked for again. */
  get pastValues(): number {
    return this.sum(({ pastValues }) => pastValues);
  }

  /**
   * The rows of a table, of which those are known from here on that have one of the keys, or one of the values in the column
   * of `lookup`.
   *
   * @param keys are not even made, where they are a generator's, as long as nothing is read
   */
  async rows<Row extends object>(
    table: Table<Row>,
    keys: Iterable<Partial<Row>>,
    lookups: readonly unknown[] = [],
  ): Promise<Rows<Row>> {
    const rows = this.of(table);
    if (this.areEmpty) return rows;
    const found = await lookUpKeys(this.db, table, lookups);
    const unknown = [...keys, ...found].filter((key) => !rows.knows(key));
    for (const row of await readRows(this.db, table, unknown)) rows.read(row, row);
    for (const key of unknown) if (!rows.knows(key)) rows.read(key, undefined);
    return rows;
  }

  /** What is to be written; it counts as written from here on. */
  takeChanges(): TableChanges {
    return [...this.rowsOf.values()].map((rows) => ({ table: rows.table, changes: rows.takeChanges() }));
  }

  /** The same, but only of rows that are never asked for again, and of the table that has most of them. */
  takePast(): TableChanges {
    const [most] = [...this.rowsOf.values()].sort((a, b) => b.pastValues - a.pastValues);
    return most ? [{ table: most.table, changes: most.takePast() }] : [];
  }

  /**
   * @param copying by which rows are sent that the tables did not have, in the same transaction
   * @throws RowFailure when the database refuses a row; of one that was sent, what it says
   */
  async write(tx: ProjectionTransaction, taken: TableChanges, copying?: Copying): Promise<void> {
    for (const { table, changes } of taken) {
      const { added, changed, removed, encoded } = changes;
      await copying?.send(table.table, storedRows(table, added), { types: table.types, encoded });
      const others = copying ? changed : [...added, ...changed];
      if (others.length + removed.length === 0) continue;
      await copying?.end();
      try {
        await this.options.makeKeys?.(tx, table.table);
        await upsertRows(tx, table, others);
        await deleteRows(tx, table, removed);
      } catch (error) {
        if (!isOfTheEvent(error)) throw error;
        const [only, ...more] = [...others, ...removed];
        throw new RowFailure(table.table, only && more.length === 0 ? keyIn(table, only) : undefined, error);
      }
    }
  }

  /** Frees the memory. All changes must have been written, and be there for `db` to see. */
  forget(): void {
    this.rowsOf.clear();
    this.areEmpty = false;
  }

  private of<Row extends object>(table: Table<Row>): Rows<Row> {
    const known = this.rowsOf.get(table.table);
    if (known) return known;
    const rows = new Rows(table, this.options.areOurs);
    this.rowsOf.set(table.table, rows);
    return rows;
  }

  private sum(count: (rows: Rows<AnyRow>) => number): number {
    let sum = 0;
    for (const rows of this.rowsOf.values()) sum += count(rows);
    return sum;
  }
}

function keyIn<Row extends object>(table: Table<Row>, row: Row): Partial<Row> {
  return Object.fromEntries(primaryKeyOf(table).map((column) => [column, row[column]])) as Partial<Row>;
}
