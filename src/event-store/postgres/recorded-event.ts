import type { JsonObject, RecordedEvent } from '../event-store.js';
import type { Row } from './database.js';
import { toPosition } from './position.js';

/** The columns of an event `e`, in the order in which `recordedEvent` reads them. */
export const EVENT_COLUMNS = 'e.position, e.stream, e.revision, e.id, e.type, e.data, e.metadata';

/** Reads an event from a row whose columns from `at` on are `EVENT_COLUMNS`. */
export function recordedEvent(row: Row, at: number): RecordedEvent {
  const text = (column: number) => row[at + column] as string;
  return {
    id: text(3),
    type: text(4),
    data: JSON.parse(text(5)) as JsonObject,
    metadata: JSON.parse(text(6)) as JsonObject,
    stream: text(1),
    revision: Number(text(2)),
    position: toPosition(Number(text(0))),
  };
}
