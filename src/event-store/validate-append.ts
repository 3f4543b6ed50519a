import {
  type ExpectedRevision,
  InvalidAppend,
  type JsonObject,
  MAX_APPEND_BYTES,
  type StreamAppend,
  type StreamState,
} from './event-store.js';
import { uncarriedByJson } from './json-carries.js';
import { jsonInOrder } from './json-in-order.js';

/** An event that any engine takes, its values already as JSON text; the id is in lower case. */
export interface ReadyEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** An append that any engine takes. `bytes` is its size as counted against `MAX_APPEND_BYTES`. */
export interface ReadyAppend {
  readonly stream: string;
  readonly expectedRevision: ExpectedRevision;
  readonly events: readonly ReadyEvent[];
  readonly given: readonly StreamState[];
  readonly bytes: number;
}

/** The longest name of a stream or type, in UTF-16 units: at three bytes each it fits a key of a Postgres index. */
const LONGEST_NAME = 500;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** In a regular expression with the flag `u`, a surrogate matches only where it stands alone. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * Whether a stream may have this name. Refused: names that Postgres text or UTF-8 cannot hold, and those beginning with
 * `$`, which EventStoreDB keeps for itself. A read of such a name can be answered as empty without asking the server.
 */
export function isStreamName(name: string): boolean {
  return isName(name);
}

/**
 * Checks all that can be known of an append before it is sent, and makes its JSON. Both engines refuse the same things,
 * and neither client library sees a value it cannot handle: a bad id or value wedges EventStoreDB's.
 *
 * @throws InvalidAppend naming the first fault
 */
export function validateAppend({ stream, events, expectedRevision, given = [] }: StreamAppend): ReadyAppend {
  if (!isStreamName(stream)) throw new InvalidAppend(`${JSON.stringify(stream)} cannot be the name of a stream`);
  const refuse = (why: string): never => {
    throw new InvalidAppend(`append to ${stream}: ${why}`);
  };
  if (!isExpectedRevision(expectedRevision)) refuse(`${expectedRevision} cannot be an expected revision`);
  if (events.length === 0) refuse('there is no event');
  for (const { stream: name, revision } of given) {
    if (!isStreamName(name)) refuse(`${JSON.stringify(name)} cannot be the name of a stream that is given`);
    if (revision === ('any' as unknown) || !isExpectedRevision(revision)) refuse(`${name} cannot be at ${revision}`);
  }

  const ids = new Set<string>();
  let bytes = 0;
  const ready = events.map((event, index): ReadyEvent => {
    const id = String(event.id).toLowerCase();
    if (!UUID.test(id) || id === NIL_UUID) refuse(`event ${index}: ${JSON.stringify(event.id)} is no UUID`);
    if (ids.has(id)) refuse(`event ${index}: the id ${id} is there twice`);
    ids.add(id);
    if (!isName(event.type)) refuse(`event ${index}: ${JSON.stringify(event.type)} cannot be a type`);
    const data = toJson(event.data, 'data', index, refuse);
    const metadata = toJson(event.metadata, 'metadata', index, refuse);
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * event.type.length;
    return { id, type: event.type, data, metadata };
  });
  if (bytes > MAX_APPEND_BYTES) refuse(`its ${bytes} bytes exceed the limit of ${MAX_APPEND_BYTES}`);
  return { stream, expectedRevision, events: ready, given, bytes };
}

function isName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    name.length > 0 &&
    name.length <= LONGEST_NAME &&
    !name.startsWith('$') &&
    !UNSTORABLE.test(name)
  );
}

function isExpectedRevision(expected: unknown): boolean {
  return expected === 'none' || expected === 'any' || (Number.isSafeInteger(expected) && Number(expected) >= 0);
}

function toJson(value: unknown, name: string, index: number, refuse: (why: string) => never): string {
  const fault =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? uncarriedByJson(value)
      : { path: '', why: 'is no object' };
  return fault ? refuse(`event ${index}: ${name}${fault.path} ${fault.why}`) : jsonInOrder(value as JsonObject);
}
