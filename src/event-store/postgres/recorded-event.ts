import type { JsonObject, RecordedEvent } from '../event-store.js';
import type { Row } from './database.js';
import { toPosition } from './position.js';

/** Reads an event from a row of the schema's functions, whose columns from `at` on are those of an event. */
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
