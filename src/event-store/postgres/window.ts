import type { RecordedEvent } from '../event-store.js';
import type { Database } from './database.js';
import { recordedEvent } from './recorded-event.js';

/** How many positions one read covers, whether or not their events match. */
const WINDOW = 500;

/** How many bytes of events, as they are stored, end a read early: so that large events do not fill the memory. */
const WINDOW_BYTES = 2_000_000;

const READ_WINDOW = {
  name: 'event_store_read_window',
  text: 'select * from event_store.read_window($1, $2, $3, $4)',
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

/**
 * Reads on from behind a position. Positions have no gap, so that the end of a window is a checkpoint even where its last
 * event does not match.
 *
 * @throws EventStoreUnavailable
 */
export async function readWindow(database: Database, after: number, prefixes: readonly string[]): Promise<LogWindow> {
  const rows = await database.run(READ_WINDOW, [after, prefixes, WINDOW, WINDOW_BYTES]);
  const [head, bytes] = rows.at(-1) ?? [];
  if (bytes === null) return { events: [], end: Math.min(after + WINDOW, Number(head)), head: Number(head) };
  const events = rows.map((row) => recordedEvent(row, 2));
  const isCutShort = Number(bytes) >= WINDOW_BYTES;
  const end = isCutShort ? Number(rows.at(-1)?.[2]) : Math.min(after + WINDOW, Number(head));
  return { events, end, head: Number(head) };
}
