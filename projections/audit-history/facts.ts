import { upcast } from '../../src/domain/codec.js';
import { ADDRESS_STREAMS, MEMBERSHIP_STREAMS, REFUSAL_STREAMS, WORKSPACE_STREAMS } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { storable } from '../domain-event.js';

/** Who caused an event, as the event's metadata has it. */
export interface Actor {
  readonly type: string;
  readonly id: string;
}

/** Streams that belong to a workspace, and those of addresses, of which some events do. */
export const WORKSPACE_HISTORY = [WORKSPACE_STREAMS, MEMBERSHIP_STREAMS, REFUSAL_STREAMS, ADDRESS_STREAMS] as const;

const OF_PERSON = new RegExp(`^(?:${MEMBERSHIP_STREAMS}|${REFUSAL_STREAMS})([^.]+)\\.(.+)$`);

/** The workspace that an event belongs to; undefined for one that belongs to none. */
export function workspaceOf({ stream, data }: RecordedEvent): string | undefined {
  if (stream.startsWith(ADDRESS_STREAMS)) {
    const { workspaceId } = data;
    return typeof workspaceId === 'string' ? storable(workspaceId) : undefined;
  }
  const workspaceId = stream.startsWith(WORKSPACE_STREAMS)
    ? stream.slice(WORKSPACE_STREAMS.length)
    : OF_PERSON.exec(stream)?.[1];
  return workspaceId && storable(workspaceId);
}

/** Whom an event is about; null where it is about the workspace itself. */
export function subjectOf(event: RecordedEvent): string | null {
  const { data } = upcast(event) as { readonly data: Readonly<Record<string, unknown>> };
  if (event.stream.startsWith(MEMBERSHIP_STREAMS)) return OF_PERSON.exec(event.stream)?.[2] ?? null;
  if (event.stream.startsWith(ADDRESS_STREAMS)) return event.stream.slice(ADDRESS_STREAMS.length);
  const named = event.stream.startsWith(REFUSAL_STREAMS) ? data['subjectId'] : data['to'];
  return typeof named === 'string' ? named : null;
}

/** @returns null for an event that says nothing of it */
export function actorOf({ metadata }: RecordedEvent): Actor | null {
  const { actor } = metadata;
  if (typeof actor !== 'object' || actor === null || Array.isArray(actor)) return null;
  const { type, id } = actor as { readonly type?: unknown; readonly id?: unknown };
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : null;
}

/** What an event calls a person: their address, their name. */
export function namingOf(event: RecordedEvent): { readonly email?: string; readonly name?: string } {
  if (!event.stream.startsWith(MEMBERSHIP_STREAMS)) return {};
  const { data } = upcast(event) as { readonly data: Readonly<Record<string, unknown>> };
  const { email, name } = data;
  return { ...(typeof email === 'string' ? { email } : {}), ...(typeof name === 'string' ? { name } : {}) };
}

/**
 * Texts that people wrote or servers said, and where the request came from: what somebody may search for. Ids are not among them: an
 * index of words would hold nearly nothing else.
 */
export function textsOf({ data, metadata }: RecordedEvent): string[] {
  const { email, name, previousName, message, reply, reason } = data as Record<string, unknown>;
  return [email, name, previousName, message, reply, reason, metadata['ip']].filter((text) => typeof text === 'string');
}
