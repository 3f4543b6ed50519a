import { upcast } from '../../src/domain/codec.js';
import { ADDRESS_STREAMS, MEMBERSHIP_STREAMS, REFUSAL_STREAMS, WORKSPACE_STREAMS } from '../../src/domain/streams.js';
import type { JsonObject, RecordedEvent } from '../../src/event-store/event-store.js';
import { storable } from '../domain-event.js';

/** Who caused an event, as the event's metadata has it. */
export interface Actor {
  readonly type: string;
  readonly id: string;
}

/** Streams that belong to a workspace, and those of addresses, of which some events do. */
export const WORKSPACE_HISTORY = [WORKSPACE_STREAMS, MEMBERSHIP_STREAMS, REFUSAL_STREAMS, ADDRESS_STREAMS] as const;

const OF_PERSON = new RegExp(`^(?:${MEMBERSHIP_STREAMS}|${REFUSAL_STREAMS})([^.]+)\\.(.+)$`);

/** What a record tells of an event besides the event itself. */
export interface Facts {
  readonly workspaceId: string;
  /** Whom it is about; null where it is about the workspace itself. */
  readonly subject: string | null;
  /** Null for an event that says nothing of it. */
  readonly actor: Actor | null;
  /** What it calls whom it is about. */
  readonly email: string | undefined;
  readonly name: string | undefined;
  /**
   * Texts that people wrote or servers said, and where the request came from: what somebody may search for. Ids are not among
   * them: an index of words would hold nearly nothing else.
   */
  readonly texts: readonly string[];
}

/** @returns undefined for an event that belongs to no workspace */
export function factsOf(event: RecordedEvent): Facts | undefined {
  const { stream, metadata } = event;
  const data = dataOf(event);
  const ofPerson = OF_PERSON.exec(stream);
  const isOfAddress = stream.startsWith(ADDRESS_STREAMS);
  const workspaceId = isOfAddress
    ? textOr(data['workspaceId'])
    : stream.startsWith(WORKSPACE_STREAMS)
      ? stream.slice(WORKSPACE_STREAMS.length)
      : ofPerson?.[1];
  if (!workspaceId) return undefined;
  const isOfMember = stream.startsWith(MEMBERSHIP_STREAMS);
  const subject = isOfMember
    ? ofPerson?.[2]
    : isOfAddress
      ? stream.slice(ADDRESS_STREAMS.length)
      : textOr(stream.startsWith(REFUSAL_STREAMS) ? data['subjectId'] : data['to']);
  return {
    workspaceId: storable(workspaceId),
    subject: subject === undefined ? null : storable(subject),
    actor: actorOf(metadata),
    email: isOfMember ? textOr(data['email']) : undefined,
    name: isOfMember ? textOr(data['name']) : undefined,
    texts: [...SEARCHED.map((field) => data[field]), metadata['ip']].flatMap((text) => textOr(text) ?? []),
  };
}

const SEARCHED = ['email', 'name', 'previousName', 'message', 'reply', 'reason'] as const;

/** In its newest shape, or as it is where nothing can be made of that: no event is left out of a history. */
function dataOf(event: RecordedEvent): Readonly<Record<string, unknown>> {
  try {
    return upcast(event).data as unknown as Readonly<Record<string, unknown>>;
  } catch {
    return event.data;
  }
}

function actorOf({ actor }: RecordedEvent['metadata']): Actor | null {
  if (typeof actor !== 'object' || actor === null || Array.isArray(actor)) return null;
  const { type: kind, id: named } = actor as JsonObject;
  const type = textOr(kind);
  const id = textOr(named);
  return type === undefined || id === undefined ? null : { type, id };
}

const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? storable(value) : undefined);
