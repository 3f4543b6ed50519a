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
   * Texts that people wrote or servers said, and where the request came from: what somebody may search for besides what people are
   * called, each behind a NUL, which no text that a row can hold has in it. Ids are not among them: an index of words would hold nearly
   * nothing else.
   */
  readonly said: string;
}

/** @returns undefined for an event that belongs to no workspace */
export function factsOf(event: RecordedEvent): Facts | undefined {
  const { stream } = event;
  const data = dataOf(event);
  if (stream.startsWith(MEMBERSHIP_STREAMS)) {
    const [workspaceId, subject] = keyIn(stream, MEMBERSHIP_STREAMS);
    return factsAbout(event, workspaceId, subject, data, true);
  }
  if (stream.startsWith(WORKSPACE_STREAMS)) {
    return factsAbout(event, stream.slice(WORKSPACE_STREAMS.length), textOr(data['to']), data);
  }
  if (stream.startsWith(REFUSAL_STREAMS)) {
    return factsAbout(event, keyIn(stream, REFUSAL_STREAMS)[0], textOr(data['subjectId']), data);
  }
  if (!stream.startsWith(ADDRESS_STREAMS)) return undefined;
  return factsAbout(event, textOr(data['workspaceId']), stream.slice(ADDRESS_STREAMS.length), data);
}

/** @param callsSubject whether its address and its name are those of whom it is about; elsewhere they are words like others */
function factsAbout(
  { metadata }: RecordedEvent,
  workspaceId: string | undefined,
  subject: string | undefined,
  data: Readonly<Record<string, unknown>>,
  callsSubject = false,
): Facts | undefined {
  if (!workspaceId) return undefined;
  const email = textOr(data['email']);
  const name = textOr(data['name']);
  // One text, not a list: a list that grows would be half of what this leaves behind.
  let said = callsSubject ? '' : behindNul(email) + behindNul(name);
  for (const field of SAYING) said += behindNul(textOr(data[field]));
  said += behindNul(textOr(metadata['ip']));
  return {
    workspaceId: storable(workspaceId),
    subject: subject === undefined ? null : storable(subject),
    actor: actorOf(metadata),
    email: callsSubject ? email : undefined,
    name: callsSubject ? name : undefined,
    said,
  };
}

const behindNul = (text: string | undefined): string => (text ? `\0${text}` : '');

const SAYING = ['previousName', 'message', 'reply', 'reason'] as const;

/** What the last stream began with up to the person, and the workspace that this is of. */
let lastKey = { head: '-', workspaceId: '' };

/**
 * The workspace and the person that a stream is of; neither where it is not called so. Streams that follow each other are mostly of one
 * workspace, whose id is one and the same text then: it is compared at a glance.
 */
function keyIn(stream: string, prefix: string): [workspaceId: string | undefined, userId: string | undefined] {
  if (!stream.startsWith(lastKey.head) || !lastKey.head.startsWith(prefix)) {
    const dot = stream.indexOf('.', prefix.length);
    if (dot <= prefix.length) return [undefined, undefined];
    lastKey = { head: stream.slice(0, dot + 1), workspaceId: stream.slice(prefix.length, dot) };
  }
  const userId = stream.slice(lastKey.head.length);
  return userId === '' ? [undefined, undefined] : [lastKey.workspaceId, userId];
}

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
