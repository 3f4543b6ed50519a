import { type RawBuilder, sql } from 'kysely';

import type { Position } from '../event-store/event-store.js';
import { type ParkedCount, parkedCounts } from '../projecting/parking.js';
import type { Projection } from '../projecting/projection.js';
import { readSkipped } from './skipped-events.js';
import { type AnyDatabase, tablesOf } from './slot.js';

/** One table on one side. `checksum` covers every value of every row, whatever the order of rows. */
export interface TableSum {
  readonly rows: number;
  readonly checksum: string;
}

/** A row that the two sides do not have in common; null on the side that has none of its key. */
export interface RowDifference {
  readonly live: object | null;
  readonly built: object | null;
}

export interface TableComparison {
  /** Without its schema. */
  readonly table: string;
  readonly equal: boolean;
  /** Null where a side has no such table. */
  readonly live: TableSum | null;
  readonly built: TableSum | null;
  /** Columns that only one side has; the comparison is of the others. */
  readonly columnsOnlyIn: { readonly live: readonly string[]; readonly built: readonly string[] };
  /** The columns by which rows are told apart. */
  readonly key: readonly string[];
  /** The first rows that differ, by key. */
  readonly differences: readonly RowDifference[];
}

/** Two sets of tables at the same position of the log. */
export interface Comparison {
  readonly position: Position;
  readonly equal: boolean;
  readonly tables: readonly TableComparison[];
  /** What the live tables lack because it is parked. A fresh fold that they are verified with is made without it, too. */
  readonly parked: ParkedCount;
  /** How many events both are made without because somebody has skipped them. */
  readonly skipped: number;
}

/**
 * A comparison without what rows say, to be kept: rows hold names and addresses, and whoever erases a person does not look for
 * them in reports. The keys of rows stay.
 */
export function withKeysOnly(comparison: Comparison): Comparison {
  const tables = comparison.tables.map((each) => {
    const keyIn = (row: object | null) =>
      row && Object.fromEntries(Object.entries(row).filter(([column]) => each.key.includes(column)));
    const differences = each.differences.map(({ live, built }) => ({ live: keyIn(live), built: keyIn(built) }));
    return { ...each, differences };
  });
  return { ...comparison, tables };
}

/** How many differing rows of a table are shown. */
const SHOWN = 5;

/**
 * Compares the live tables of a projection with those of another schema.
 *
 * @param snapshot a transaction that sees both at one position
 */
export async function compare(
  snapshot: AnyDatabase,
  position: Position,
  { name, schema: live }: Projection,
  built: string,
): Promise<Comparison> {
  await sql`set local timezone = 'UTC'`.execute(snapshot);
  const [ours, theirs] = [await tableNames(snapshot, live), await tableNames(snapshot, built)];
  const tables: TableComparison[] = [];
  for (const table of [...new Set([...ours, ...theirs])].sort()) {
    tables.push(await compareTable(snapshot, table, live, built));
  }
  const parked = (await parkedCounts(snapshot)).get(name) ?? { streams: 0, events: 0 };
  const skipped = (await readSkipped(snapshot, name)).length;
  return { position, equal: tables.every(({ equal }) => equal), tables, parked, skipped };
}

async function tableNames(snapshot: AnyDatabase, schema: string): Promise<string[]> {
  return (await tablesOf(snapshot, schema)).map((table) => table.slice(schema.length + 1));
}

async function compareTable(
  snapshot: AnyDatabase,
  table: string,
  liveSchema: string,
  builtSchema: string,
): Promise<TableComparison> {
  const live = { table: `${liveSchema}.${table}`, columns: await columnsOf(snapshot, liveSchema, table) };
  const built = { table: `${builtSchema}.${table}`, columns: await columnsOf(snapshot, builtSchema, table) };
  const columnsOnlyIn = { live: without(live.columns, built.columns), built: without(built.columns, live.columns) };
  const columns = live.columns.filter((column) => built.columns.includes(column));
  if (columns.length === 0) {
    const sums = await Promise.all([live, built].map((side) => sumOf(snapshot, side.table, side.columns)));
    return {
      table,
      equal: false,
      live: sums[0] ?? null,
      built: sums[1] ?? null,
      columnsOnlyIn,
      key: [],
      differences: [],
    };
  }
  const liveSum = await sumOf(snapshot, live.table, columns);
  const builtSum = await sumOf(snapshot, built.table, columns);
  const sameRows = liveSum?.rows === builtSum?.rows && liveSum?.checksum === builtSum?.checksum;
  const equal = sameRows && columnsOnlyIn.live.length === 0 && columnsOnlyIn.built.length === 0;
  const key = (await keyOf(snapshot, live.table)).filter((column) => columns.includes(column));
  const differences = sameRows ? [] : await differencesOf(snapshot, live.table, built.table, columns, key);
  return { table, equal, live: liveSum, built: builtSum, columnsOnlyIn, key, differences };
}

const without = (all: readonly string[], some: readonly string[]) => all.filter((each) => !some.includes(each));

/** None where it is not there, or is a view: that tells another release what it looks for, out of tables that are compared themselves. */
async function columnsOf(snapshot: AnyDatabase, schema: string, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = ${schema} and table_name = ${table} and table_type = 'BASE TABLE' order by column_name`.execute(
    snapshot,
  );
  return rows.map(({ name }) => name);
}

/**
 * A sum of hashes does not depend on order, and sees a row that is there twice. Of two seeds: 128 bits. The values are hashed as they
 * are, which takes a third of the time that their texts would take; columns of type `json`, which has no hash, cannot be in a projection.
 */
async function sumOf(snapshot: AnyDatabase, table: string, columns: readonly string[]): Promise<TableSum | null> {
  if (columns.length === 0) return null;
  const row = sql`row(${list('t', columns)})`;
  const sum = (seed: number) => sql`coalesce(sum(hash_record_extended(${row}, ${sql.lit(seed)})::numeric), 0)`;
  const { rows } = await sql<TableSum>`
    select count(*) as rows, md5(${sum(0)} || ' ' || ${sum(1)}) as checksum from ${sql.table(table)} t`.execute(
    snapshot,
  );
  return rows[0] ?? null;
}

async function keyOf(snapshot: AnyDatabase, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select a.attname as name from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = ${table}::regclass and i.indisprimary order by array_position(i.indkey, a.attnum)`.execute(
    snapshot,
  );
  return rows.map(({ name }) => name);
}

/**
 * The first rows by key that differ or that one side lacks. Each kind is looked for by itself, along the keys of both sides and no
 * further than to the first few: where all of a million rows differ, a full join of them takes minutes.
 */
async function differencesOf(
  snapshot: AnyDatabase,
  live: string,
  built: string,
  columns: readonly string[],
  key: readonly string[],
): Promise<RowDifference[]> {
  const by = key.length > 0 ? key : columns;
  const rowsOf = (table: string) => sql`(select ${refs(columns)} from ${sql.table(table)})`;
  const [ours, theirs] = [sql`${rowsOf(live)} l`, sql`${rowsOf(built)} b`];
  const sameKey = sql`(${list('l', by)}) = (${list('b', by)})`;
  const first = (alias: string, what: RawBuilder<unknown>, from: RawBuilder<unknown>) => sql`
    (select ${list(alias, by)}, ${what} from ${from} order by ${list(alias, by)} limit ${SHOWN})`;
  const { rows } = await sql<RowDifference>`
    select live, built from (
      ${first('l', sql`to_jsonb(l) as live, to_jsonb(b) as built`, sql`${ours} join ${theirs} on ${sameKey} where l is distinct from b`)}
      union all
      ${first('l', sql`to_jsonb(l), null`, sql`${ours} where not exists (select from ${theirs} where ${sameKey})`)}
      union all
      ${first('b', sql`null, to_jsonb(b)`, sql`${theirs} where not exists (select from ${ours} where ${sameKey})`)}
    ) differing
    order by ${refs(by)} limit ${SHOWN}`.execute(snapshot);
  return rows;
}

const refs = (columns: readonly string[]) => sql.join(columns.map((column) => sql.ref(column)));

function list(alias: string, columns: readonly string[]) {
  return sql.join(columns.map((column) => sql`${sql.ref(alias)}.${sql.ref(column)}`));
}
