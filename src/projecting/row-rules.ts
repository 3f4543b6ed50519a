import type { RecordedEvent } from '../event-store/event-store.js';
import { RowFailure } from './row-failure.js';
import type { Table } from './table.js';
import type { Tables } from './tables.js';

/** How the rows of one table follow from events: one row a stream, or some other key that an event tells by itself. */
export interface RowRules<Row extends object> extends Table<Row> {
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

/** The key of the row that an event changes by the rules; undefined where it changes none. */
export function keyChangedBy<Row extends object>(rules: RowRules<Row>, event: RecordedEvent): Partial<Row> | undefined {
  return Object.hasOwn(rules.on, event.type) ? rules.keyOf(event) : undefined;
}

/** The row after one event. @throws RowFailure when the handler fails */
export function rowAfter<Row extends object>(
  rules: RowRules<Row>,
  key: Partial<Row>,
  before: Row | undefined,
  event: RecordedEvent,
): Row | undefined {
  try {
    return rules.on[event.type]?.(before, event);
  } catch (error) {
    throw new RowFailure(rules.table, key, error);
  }
}

/** Changes the rows of a table by some events, in order. @throws RowFailure when a handler fails */
export async function foldRows<Row extends object>(
  tables: Tables,
  rules: RowRules<Row>,
  events: readonly RecordedEvent[],
): Promise<void> {
  const concerned = events.flatMap((event) => {
    const key = keyChangedBy(rules, event);
    return key ? [{ key, event }] : [];
  });
  const rows = await tables.rows(
    rules,
    concerned.map(({ key }) => key),
  );
  for (const { key, event } of concerned) {
    const before = rows.get(key);
    const after = rowAfter(rules, key, before, event);
    if (after === before) continue;
    if (after) rows.put(after);
    else rows.remove(key);
  }
}
