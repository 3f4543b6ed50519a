import type { JsonObject, RecordedEvent } from '../event-store.js';
import { StoredEvent } from '../stored-event.js';
import type { Row } from './database.js';
import { toPosition } from './position.js';

/** Reads an event from a row of the schema's functions, whose columns from `at` on are those of an event. */
export function recordedEvent(row: Row, at: number): RecordedEvent {
  const text = (column: number) => row[at + column] as string;
  const texts = { data: text(5), metadata: text(6) };
  return new StoredEvent(
    {
      id: text(3),
      type: text(4),
      data: JSON.parse(texts.data) as JsonObject,
      metadata: JSON.parse(texts.metadata) as JsonObject,
      stream: text(1),
      revision: Number(text(2)),
      position: toPosition(Number(text(0))),
    },
    texts,
    true,
  );
}
