import { sql } from 'kysely';

import type { RecordedEvent } from '../event-store/event-store.js';
import type { ProjectionTransaction } from './projection.js';
import { isOfTheEvent, RowFailure } from './row-failure.js';

/** A row's change within one batch; undefined where the row was not there, or is no more. */
export interface RowChange<Row> {
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** How the rows of one table follow from events: one row a stream, or some other key that an event tells by itself. */
export interface RowRules<Row extends object> {
  /** With its schema: `users_tab.users`. */
  readonly table: string;
  readonly key: readonly (keyof Row & string)[];
  /** The key of the row that an event is about; undefined for an event that is about none. */
  keyOf(event: RecordedEvent): Partial<Row> | undefined;
  /** The row after the event; undefined where there is none. Types without an entry change nothing. */
  readonly on: Readonly<Record<string, (row: Row | undefined, event: RecordedEvent) => Row | undefined>>;
}

/** A row after some events about it, in order. */
export function foldRow<Row extends object>(
  rules: RowRules<Row>,
  events: readonly RecordedEvent[],
  from?: Row,
): Row | undefined {
  let row = from;
  for (const event of events) row = rules.on[event.type] ? rules.on[event.type]?.(row, event) : row;
  return row;
}

/**
 * Applies a batch to a table in three statements whatever its size: the rows that the batch is about are read, folded in
 * memory, and written.
 *
 * @returns what changed, for whatever else depends on it
 * @throws RowFailure when a handler fails, or the database refuses what it made
 */
export async function applyToRows<Row extends object>(
  tx: ProjectionTransaction,
  rules: RowRules<Row>,
  events: readonly RecordedEvent[],
): Promise<RowChange<Row>[]> {
  const concerned = new Map<string, { readonly key: Partial<Row>; readonly events: RecordedEvent[] }>();
  for (const event of events) {
    const key = rules.on[event.type] && rules.keyOf(event);
    if (!key) continue;
    const entry = concerned.get(textOf(rules, key));
    if (entry) entry.events.push(event);
    else concerned.set(textOf(rules, key), { key, events: [event] });
  }
  if (concerned.size === 0) return [];

  const present = await readRows(
    tx,
    rules,
    [...concerned.values()].map(({ key }) => key),
  );
  const changes: RowChange<Row>[] = [];
  for (const [text, entry] of concerned) {
    const before = present.get(text);
    const after = blaming(rules.table, entry.key, () => foldRow(rules, entry.events, before));
    if (after !== before) changes.push({ before, after });
  }
  await writeRows(
    tx,
    rules,
    changes.flatMap(({ after }) => after ?? []),
  ).catch((error: unknown) => {
    if (!isOfTheEvent(error)) throw error;
    throw new RowFailure(rules.table, concerned.size === 1 ? [...concerned.values()][0]?.key : undefined, error);
  });
  await deleteRows(
    tx,
    rules,
    changes.flatMap(({ before, after }) => (before && !after ? before : [])),
  );
  return changes;
}

function blaming<T>(table: string, row: object, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new RowFailure(table, row, error);
  }
}

async function readRows<Row extends object>(
  tx: ProjectionTransaction,
  rules: RowRules<Row>,
  keys: readonly Partial<Row>[],
): Promise<Map<string, Row>> {
  const { rows } = await sql<Row>`
    select t.* from ${sql.table(rules.table)} t
    join json_populate_recordset(null::${sql.table(rules.table)}, ${JSON.stringify(keys)}::json) k
    on ${sameKey(rules)}`.execute(tx);
  return new Map(rows.map((row) => [textOf(rules, row), row]));
}

async function writeRows<Row extends object>(
  tx: ProjectionTransaction,
  rules: RowRules<Row>,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const changing = columns.filter((column) => !(rules.key as readonly string[]).includes(column));
  await sql`
    insert into ${sql.table(rules.table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    select ${sql.join(columns.map((column) => sql.ref(column)))}
    from json_populate_recordset(null::${sql.table(rules.table)}, ${JSON.stringify(rows)}::json)
    on conflict (${sql.join(rules.key.map((column) => sql.ref(column)))}) do update set
    ${sql.join(changing.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`))}`.execute(tx);
}

async function deleteRows<Row extends object>(
  tx: ProjectionTransaction,
  rules: RowRules<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    delete from ${sql.table(rules.table)} t
    using json_populate_recordset(null::${sql.table(rules.table)}, ${JSON.stringify(rows)}::json) k
    where ${sameKey(rules)}`.execute(tx);
}

function sameKey<Row extends object>(rules: RowRules<Row>) {
  return sql.join(
    rules.key.map((column) => sql`t.${sql.ref(column)} = k.${sql.ref(column)}`),
    sql` and `,
  );
}

function textOf<Row extends object>(rules: RowRules<Row>, key: Partial<Row>): string {
  return rules.key.map((column) => String(key[column])).join('\n');
}
