import type { RawBuilder } from 'kysely';

import type { BinaryTypes } from './binary-rows.js';

/** A table of rows that events change, as the engine needs to know it. */
export interface Table<Row extends object> {
  /** With its schema: `users_tab.users`. */
  readonly table: string;
  /** What tells a row from the others. */
  readonly key: readonly (keyof Row & string)[];
  /**
   * The column that says since when a row counts, in a table that keeps every row a key ever had: of each key the newest is found, and
   * a later one leaves it where it is. Belongs to the primary key.
   */
  readonly since?: keyof Row & string;
  /** By what rows are found as well. */
  readonly lookup?: Lookup<Row>;
  /**
   * What is written of a row, where that is more than what folding needs: made as it is written, and not held in memory. Must follow from
   * the row alone. What is read back has these columns too.
   */
  stored?(row: Row): object;
  /**
   * Of all columns that are written; what else a row has is not. Where it is there, many rows are sent as Postgres holds them and not as
   * text.
   */
  readonly types?: BinaryTypes;
  /**
   * For how many values a row counts where it holds long texts, or what rows of another table hold as well: how much memory rows take is
   * bounded by their values, of which each is taken for some 40 bytes. Where it is absent, for as many as it has columns.
   */
  readonly weight?: number;
}

export interface Lookup<Row extends object> {
  /** One of the key. Needs an index, which the projection names in `indexesOfApply`. */
  readonly column: keyof Row & string;
  /** What is true of all rows that are looked for; of a table with `since`, only of the newest of each key. */
  readonly where?: RawBuilder<unknown>;
}

/** The columns that tell a row from all others of its table. */
export function primaryKeyOf<Row extends object>({ key, since }: Table<Row>): (keyof Row & string)[] {
  return since === undefined ? [...key] : [...key, since];
}

/** Rows as they are written. */
export function storedRows<Row extends object>({ stored }: Table<Row>, rows: readonly Row[]): Iterable<object> {
  if (!stored) return rows;
  return {
    *[Symbol.iterator]() {
      for (const row of rows) yield stored(row);
    },
  };
}
