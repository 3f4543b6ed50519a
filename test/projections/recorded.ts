import { randomUUID } from 'node:crypto';

import type { DomainEvent } from '../../src/domain/codec.js';
import type { JsonObject, Position, RecordedEvent } from '../../src/event-store/event-store.js';
import { hour } from '../domain/support/people-and-time.js';

/** An event as the log has it, the `index`-th of a story with an hour between events. */
export function recorded(stream: string, { type, data }: DomainEvent, index: number): RecordedEvent {
  return {
    id: randomUUID(),
    stream,
    revision: index,
    position: String(index).padStart(8, '0') as Position,
    type,
    data: data as unknown as JsonObject,
    metadata: { schemaVersion: 1, at: hour(index) },
  };
}
