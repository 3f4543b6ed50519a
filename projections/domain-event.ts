import { type DomainEvent, upcast } from '../src/domain/codec.js';
import type { Instant } from '../src/domain/lifetime.js';
import type { RecordedEvent } from '../src/event-store/event-store.js';

/** The data of a recorded event in its newest shape, for a handler of that very type. */
export function dataOf<Type extends DomainEvent['type']>(
  event: RecordedEvent,
): Extract<DomainEvent, { type: Type }>['data'] {
  // The event's type says which data it has, in a way that the compiler cannot follow.
  return upcast(event).data as never;
}

/** When an event happened, by the clock of the command that wrote it. */
export function instantOf(event: RecordedEvent): Instant {
  const { at } = event.metadata;
  return typeof at === 'string' ? at : new Date(0).toISOString();
}
