import {
  type Appended,
  EventStoreUnavailable,
  InvalidAppend,
  type JsonObject,
  type RecordedEvent,
  StreamConflict,
} from '../event-store.js';
import { StoredEvent } from '../stored-event.js';
import type { ReadyAppend } from '../validate-append.js';
import type { EventRecord } from './answers.js';
import { AccessDenied } from './failures.js';
import { toPosition } from './position.js';
import { type AppendResponse, WrongExpectedVersion } from './wire.js';

/**
 * What the server answered to an append.
 *
 * @throws StreamConflict, InvalidAppend, EventStoreUnavailable, AccessDenied
 */
export function appendedBy(response: AppendResponse, append: ReadyAppend): Appended {
  const success = response.getSuccess();
  const position = success?.getPosition();
  if (!success || !position) throw refusal(response, append);
  return {
    revision: Number(success.getCurrentRevision()),
    position: toPosition({ commit: position.getCommitPosition(), prepare: position.getPreparePosition() }),
  };
}

function refusal(response: AppendResponse, { stream, expectedRevision }: ReadyAppend): Error {
  const status = response.getError();
  const details = status?.getDetails();
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion': {
      const conflict = WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
      const actual = conflict.hasCurrentStreamRevision() ? Number(conflict.getCurrentStreamRevision()) : 'none';
      return new StreamConflict(stream, expectedRevision, actual);
    }
    case 'event_store.client.StreamDeleted':
      return new InvalidAppend(`append to ${stream}: the stream was deleted for ever`);
    case 'event_store.client.MaximumAppendSizeExceeded':
      return new InvalidAppend(`append to ${stream}: it exceeds the limit that this server is set to`);
    case 'event_store.client.BadRequest':
      return new InvalidAppend(`append to ${stream}: the server takes it for a bad request`);
    case 'event_store.client.AccessDenied':
      return new AccessDenied();
    default:
      // Timeouts among the server's own parts, or a server that is starting, stopping or too busy.
      return new EventStoreUnavailable(`the server answered ${status?.getMessage() || 'without a position'}`);
  }
}

/**
 * An event as the port has it, or `undefined` for one that no store of ours can have written: the server's own, a link
 * to an event elsewhere, or one whose data are no JSON object. Metadata that are none are taken for empty.
 */
export function recordedEvent(record: EventRecord): RecordedEvent | undefined {
  const { id, type, stream, revision } = record;
  const data = jsonObject(record.data);
  if (type.startsWith('$') || !data) return undefined;
  const metadata = jsonObject(record.metadata);
  return new StoredEvent(
    { id, type, data, metadata: metadata ?? {}, stream, revision, position: toPosition(record) },
    { data: record.data, metadata: metadata && record.metadata },
    false,
  );
}

function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
