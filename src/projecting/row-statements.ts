import { type RawBuilder, sql } from 'kysely';

import { copyRows } from './copy-rows.js';
import { primaryKeyOf, storedRows, type Table } from './table.js';
import type { ProjectionTransaction } from './transaction.js';

/** From so many rows on, sending them by COPY to a table of their own and merging that is less work than one statement. */
const MANY = 500;

/** The rows of some keys, of a table with `since` the newest of each; those that are not there are left out. */
export async function readRows<Row extends object>(
  db: ProjectionTransaction,
  table: Table<Row>,
  keys: readonly Partial<Row>[],
): Promise<Row[]> {
  if (keys.length === 0) return [];
  const name = sql.table(table.table);
  const asked = sql`json_populate_recordset(null::${name}, ${JSON.stringify(keys)}::json) k`;
  const isOfKey = same(table.key);
  const { rows } = await (table.since === undefined
    ? sql<Row>`select t.* from ${name} t join ${asked} on ${isOfKey}`
    : sql<Row>`
        select t.* from ${asked} cross join lateral (
          select * from ${name} t where ${isOfKey} order by ${sql.ref(table.since)} desc limit 1
        ) t`
  ).execute(db);
  return rows;
}

/** The keys of all rows to be looked for that hold one of some values in the column of `lookup`. */
export async function lookUpKeys<Row extends object>(
  db: ProjectionTransaction,
  table: Table<Row>,
  values: readonly unknown[],
): Promise<Partial<Row>[]> {
  const { lookup } = table;
  if (values.length === 0 || !lookup) return [];
  const { rows } = await sql<Partial<Row>>`
    select distinct ${refs(table.key)} from ${sql.table(table.table)}
    where ${sql.ref(lookup.column)} = any(${values}) and ${lookup.where ?? sql`true`}`.execute(db);
  return rows;
}

/** Writes rows whether or not the table has rows of their keys. */
export async function upsertRows<Row extends object>(
  tx: ProjectionTransaction,
  table: Table<Row>,
  rows: readonly Row[],
): Promise<void> {
  const stored = storedRows(table, rows);
  const [first] = stored;
  if (!first) return;
  const columns = Object.keys(table.types ?? first);
  const name = sql.table(table.table);
  if (rows.length < MANY) {
    const given = sql`json_populate_recordset(null::${name}, ${JSON.stringify([...stored])}::json)`;
    await insertOver(tx, table, columns, given);
    return;
  }
  await sql`create temporary table merged_rows (like ${name}) on commit drop`.execute(tx);
  await copyRows(tx, 'merged_rows', stored, { types: table.types });
  await insertOver(tx, table, columns, sql`merged_rows`);
  await sql`drop table merged_rows`.execute(tx);
}

async function insertOver<Row extends object>(
  tx: ProjectionTransaction,
  table: Table<Row>,
  columns: readonly string[],
  from: RawBuilder<unknown>,
): Promise<void> {
  const key: string[] = primaryKeyOf(table);
  const changing = columns.filter((column) => !key.includes(column));
  const values = changing.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`);
  await sql`
    insert into ${sql.table(table.table)} (${refs(columns)}) select ${refs(columns)} from ${from}
    on conflict (${refs(key)}) do ${values.length > 0 ? sql`update set ${sql.join(values)}` : sql`nothing`}`.execute(
    tx,
  );
}

export async function deleteRows<Row extends object>(
  tx: ProjectionTransaction,
  table: Table<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const name = sql.table(table.table);
  await sql`
    delete from ${name} t using json_populate_recordset(null::${name}, ${JSON.stringify(rows)}::json) k
    where ${same(table.key)}`.execute(tx);
}

const refs = (columns: readonly string[]) => sql.join(columns.map((column) => sql.ref(column)));

const same = (columns: readonly string[]) =>
  sql.join(
    columns.map((column) => sql`t.${sql.ref(column)} = k.${sql.ref(column)}`),
    sql` and `,
  );
