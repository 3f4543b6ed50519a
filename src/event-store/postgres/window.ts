import type { RecordedEvent } from '../event-store.js';
import type { Database } from './database.js';
import { EVENT_COLUMNS, recordedEvent } from './recorded-event.js';

/** How many positions one read covers, whether or not their events match. */
const WINDOW = 1_000;

/** About how many bytes one read may bring, as they are stored (compressed if large); one event always comes. */
const WINDOW_BYTES = 2_000_000;

/**
 * The events of a window of positions, and the head of the log at the same moment. Positions have no gap, so that the
 * end of the window is a checkpoint even where its last event does not match.
 *
 * The limit adds nothing to the bounds of the window, but tells the planner how few rows there are.
 */
const READ_WINDOW = {
  name: 'event_store_read_window',
  text: `
    select log.head, e.bytes, ${EVENT_COLUMNS}
    from (select coalesce(max(position), 0) as head from event_store.events) log
    left join lateral (
      select w.*, sum(pg_column_size(w.data) + pg_column_size(w.metadata)) over (order by w.position) as bytes
      from (
        select * from event_store.events e
        where e.position > $1::bigint and e.position <= $1::bigint + ${WINDOW} and e.stream ^@ any ($2::text[])
        order by e.position
        limit ${WINDOW}
      ) w
    ) e on e.bytes - pg_column_size(e.data) - pg_column_size(e.metadata) < ${WINDOW_BYTES}
    order by e.position`,
};

/** A part of the log that has been read. */
export interface LogWindow {
  /** Those of its events that match. */
  readonly events: RecordedEvent[];
  /** The last position it covers. */
  readonly end: number;
  /** The last position of the log at the moment of reading. */
  readonly head: number;
}

/** Reads on from behind a position. @throws EventStoreUnavailable */
export async function readWindow(database: Database, after: number, prefixes: readonly string[]): Promise<LogWindow> {
  const rows = await database.run(READ_WINDOW, [after, prefixes]);
  const head = Number(rows[0]?.[0]);
  const events: RecordedEvent[] = [];
  for (const row of rows) if (row[1] !== null) events.push(recordedEvent(row, 2));
  const last = rows.at(-1);
  const isCutShort = Number(last?.[1]) >= WINDOW_BYTES;
  return { events, end: isCutShort ? Number(last?.[2]) : Math.min(after + WINDOW, head), head };
}
