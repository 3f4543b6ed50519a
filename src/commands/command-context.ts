import { parse as bytesOfUuid, v5 as uuidv5 } from 'uuid';

import type { DomainEvent } from '../domain/codec.js';
import { schemaVersion } from '../domain/codec.js';
import type { Instant } from '../domain/lifetime.js';
import type { JsonObject, NewEvent } from '../event-store/event-store.js';

/** Who caused an event: a person signed in, somebody who holds an invitation's link, or the service itself. */
export type EventActor =
  | { readonly type: 'user'; readonly id: string }
  | { readonly type: 'invitee'; readonly id: string }
  | { readonly type: 'service'; readonly id: string };

/** Where a command comes from. It becomes the metadata of every event that the command leads to. */
export interface CommandContext {
  /**
   * The command's own name, a UUID: the same command sent again has the same one, and so its events have the same ids.
   */
  readonly commandId: string;
  /** What the command and everything that follows from it have in common: the request's id. */
  readonly correlationId: string;
  /** Whether it was sent before and cut off: then its events may be in the log already. */
  readonly isRepeat?: boolean;
  /** The event that led to this command, where one did. */
  readonly causationId?: string;
  readonly actor: EventActor;
  readonly now: Instant;
  readonly ip?: string;
  readonly userAgent?: string;
}

/** The namespace of ids that are derived from a cause (RFC 9562, section 5.5); itself made once, at random. */
const NAMESPACE = bytesOfUuid('2f0a6c1e-7c0b-4a53-9a44-6f2d1d5f8b11');

/** An id for what follows from a cause, the same at every retry. */
export function derivedId(...cause: readonly (string | number)[]): string {
  return uuidv5(Buffer.from(cause.join('\n')), NAMESPACE);
}

/** The id of the `index`-th event that a command writes to a stream. */
export function eventId(context: CommandContext, stream: string, index: number): string {
  return derivedId(context.commandId, stream, index);
}

/** Dresses domain events for the log. */
export function toNewEvents(events: readonly DomainEvent[], stream: string, context: CommandContext): NewEvent[] {
  const { commandId, correlationId, causationId = commandId, actor, now: at, ip, userAgent } = context;
  return events.map((event, index) => ({
    id: eventId(context, stream, index),
    type: event.type,
    data: event.data as unknown as JsonObject,
    metadata: {
      schemaVersion: schemaVersion(event.type),
      at,
      actor,
      correlationId,
      causationId,
      ...(ip === undefined ? {} : { ip }),
      ...(userAgent === undefined ? {} : { userAgent }),
    },
  }));
}
