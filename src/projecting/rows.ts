import { BinaryRows } from './binary-rows.js';
import { Keyed } from './keyed.js';
import type { Table } from './table.js';

/** What is to be written of one table. */
export interface RowChanges<Row extends object> {
  /** Whose keys the table did not have when they were looked for. */
  readonly added: readonly Row[];
  /** Whose keys it has. */
  readonly changed: readonly Row[];
  readonly removed: readonly Row[];
  /** More that were added, as they are sent. */
  readonly encoded: readonly Buffer[];
}

/** What one value is taken for, in bytes. */
const VALUE = 40;

/** What is known of a key. */
interface Entry<Row extends object> {
  /** The row; its key at least, where there is none. */
  row: Row;
  isThere: boolean;
  /** Whether the table has a row of its primary key. */
  isStored: boolean;
  /** Whether it is to be written. */
  isChanged: boolean;
}

/** A row that a newer one of its key has left behind. */
interface Past<Row extends object> {
  readonly row: Row;
  readonly isStored: boolean;
}

/** Rows of one table in memory: those that were read, those that are to be written, and which of both. */
export class Rows<Row extends object> {
  private readonly entries: Keyed<Row, Entry<Row>>;
  private changed: Entry<Row>[] = [];
  private past: Past<Row>[] = [];
  private byLookup: Map<unknown, Entry<Row>[]> | undefined;
  private width = 1;
  private readonly encoded: BinaryRows<object> | undefined;

  /** @param isSent whether rows that the table does not have are sent by COPY: then those that will not change wait as bytes */
  constructor(
    readonly table: Table<Row>,
    isSent = false,
  ) {
    this.entries = new Keyed(table);
    if (isSent && table.types) this.encoded = new BinaryRows(table.types);
  }

  /** How many values it holds, of all columns of all rows; long ones count as several. */
  get values(): number {
    return this.entries.size * this.width + this.pastValues;
  }

  /** How many values can be written and are not needed here any more. */
  get pastValues(): number {
    return this.past.length * this.width + (this.encoded?.bytes ?? 0) / VALUE;
  }

  knows(key: Partial<Row>): boolean {
    return this.entries.get(key) !== undefined;
  }

  get(key: Partial<Row>): Row | undefined {
    const entry = this.entries.get(key);
    return entry?.isThere ? entry.row : undefined;
  }

  /** All known rows that hold a value in the column of `lookup`. */
  find(value: unknown): Row[] {
    return (this.index().get(value) ?? []).flatMap(({ row, isThere }) => (isThere ? row : []));
  }

  /** Notes what the table holds of a key. */
  read(key: Partial<Row>, row: Row | undefined): void {
    const isThere = row !== undefined;
    this.add({ row: row ?? (key as Row), isThere, isStored: isThere, isChanged: false });
  }

  put(row: Row): void {
    const entry = this.entries.get(row);
    if (!entry) {
      this.add({ row, isThere: true, isStored: false, isChanged: true });
      return;
    }
    const { since } = this.table;
    if (since !== undefined && entry.isThere && entry.row[since] !== row[since]) {
      if (entry.isChanged) this.leaveBehind(entry);
      entry.isStored = false;
    }
    entry.row = row;
    entry.isThere = true;
    this.noteChange(entry);
  }

  remove(key: Partial<Row>): void {
    const entry = this.entries.get(key);
    if (!entry?.isThere) return;
    entry.isThere = false;
    this.noteChange(entry);
  }

  /** What is to be written; it counts as written from here on. */
  takeChanges(): RowChanges<Row> {
    const { added, changed, removed, encoded } = this.takePast();
    for (const entry of this.changed) {
      const { row, isThere, isStored } = entry;
      if (isThere) (isStored ? changed : added).push(row);
      else if (isStored) removed.push(row);
      entry.isStored = isThere;
      entry.isChanged = false;
    }
    this.changed = [];
    return { added, changed, removed, encoded };
  }

  /** The same, of the rows that newer ones have left behind. */
  takePast(): RowChanges<Row> & { readonly added: Row[]; readonly changed: Row[]; readonly removed: Row[] } {
    const added: Row[] = [];
    const changed: Row[] = [];
    for (const { row, isStored } of this.past) (isStored ? changed : added).push(row);
    this.past = [];
    return { added, changed, removed: [], encoded: this.encoded?.take('rest') ?? [] };
  }

  private leaveBehind({ row, isStored }: Entry<Row>): void {
    if (isStored || !this.encoded) this.past.push({ row, isStored });
    else this.encoded.add(this.table.stored?.(row) ?? row);
  }

  private add(entry: Entry<Row>): void {
    this.entries.add(entry.row, entry);
    if (this.width === 1 && entry.isThere) this.width = this.table.weight ?? Object.keys(entry.row).length;
    if (entry.isChanged) this.changed.push(entry);
    if (this.byLookup) this.addToIndex(this.byLookup, entry);
  }

  private noteChange(entry: Entry<Row>): void {
    if (!entry.isChanged) this.changed.push(entry);
    entry.isChanged = true;
  }

  /** Made when it is first asked for: most logs have no event that looks for rows in this way. */
  private index(): Map<unknown, Entry<Row>[]> {
    if (this.byLookup) return this.byLookup;
    const index = new Map<unknown, Entry<Row>[]>();
    for (const entry of this.entries.values()) this.addToIndex(index, entry);
    this.byLookup = index;
    return index;
  }

  private addToIndex(index: Map<unknown, Entry<Row>[]>, entry: Entry<Row>): void {
    const { lookup } = this.table;
    if (lookup === undefined) return;
    const value = entry.row[lookup.column];
    const entries = index.get(value);
    if (entries) entries.push(entry);
    else index.set(value, [entry]);
  }
}
