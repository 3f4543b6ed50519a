import { randomUUID } from 'node:crypto';
import type { ReadyAppend, ReadyEvent } from '../validate-append.js';
import type { LogPosition } from './position.js';
import {
  type AppendRequest,
  BatchAppendReq,
  Empty,
  ReadReq,
  type ReadRequest,
  StreamIdentifier,
  UUID,
} from './wire.js';

const { Options } = ReadReq;

const FORWARDS = 0;
const BACKWARDS = 1;

/** How many events a subscription lets the server look through for a match before it has to report how far it came. */
const SEARCH_WINDOW = 1_024;

/** One message carries about this many bytes of events: the server takes 16 MiB, the client's own code sends 3 MiB. */
const MESSAGE_BYTES = 1024 * 1024;

/** A read of a stream from `revision` to its end. */
export function readForwards(stream: string, revision: number): ReadRequest {
  return readOf(stream, (options) => options.setRevision(String(revision)), FORWARDS, Number.MAX_SAFE_INTEGER);
}

/** A read of at most `count` events from the end of a stream, the newest first. */
export function readBackwards(stream: string, count: number): ReadRequest {
  return readOf(stream, (options) => options.setEnd(new Empty()), BACKWARDS, count);
}

/** A read of the newest event of the whole log. */
export function readHead(): ReadRequest {
  const all = new Options.AllOptions();
  all.setEnd(new Empty());
  const options = readOptions(BACKWARDS, 1);
  options.setAll(all);
  options.setNoFilter(new Empty());
  return request(options);
}

/** A read of the event that begins at a place of the whole log, or of the one behind it. */
export function readAt(place: LogPosition): ReadRequest {
  const all = new Options.AllOptions();
  all.setPosition(positionOf(place));
  const options = readOptions(FORWARDS, 1);
  options.setAll(all);
  options.setNoFilter(new Empty());
  return request(options);
}

/** A subscription to the events of streams with one of the prefixes that are behind `after`. */
export function follow(after: LogPosition | 'start', prefixes: readonly string[]): ReadRequest {
  const all = new Options.AllOptions();
  if (after === 'start') {
    all.setStart(new Empty());
  } else {
    all.setPosition(positionOf(after));
  }
  const names = new Options.FilterOptions.Expression();
  names.setPrefixList([...prefixes]);
  const filter = new Options.FilterOptions();
  filter.setStreamIdentifier(names);
  filter.setMax(SEARCH_WINDOW);
  filter.setCheckpointintervalmultiplier(1);
  const options = readOptions(FORWARDS);
  options.setAll(all);
  options.setFilter(filter);
  options.setSubscription(new Options.SubscriptionOptions());
  return request(options);
}

/**
 * An append as the messages that carry it, all with one correlation id, by which its answer is known.
 *
 * They name no deadline: the server would compare it with its own clock, which may differ from ours.
 */
export function appendRequests(append: ReadyAppend): { readonly id: string; readonly messages: AppendRequest[] } {
  const id = randomUUID();
  const messages: AppendRequest[] = [];
  let room = 0;
  for (const event of append.events) {
    const message = proposed(event);
    const size = message.getData_asU8().length + message.getCustomMetadata_asU8().length + event.type.length;
    let last = messages.at(-1);
    if (!last || size > room) {
      last = new BatchAppendReq();
      last.setCorrelationId(uuid(id));
      messages.push(last);
      room = MESSAGE_BYTES;
    }
    last.addProposedMessages(message);
    room -= size;
  }
  messages[0]?.setOptions(appendOptions(append));
  messages.at(-1)?.setIsFinal(true);
  return { id, messages };
}

function appendOptions({ stream, expectedRevision }: ReadyAppend): InstanceType<typeof BatchAppendReq.Options> {
  const options = new BatchAppendReq.Options();
  options.setStreamIdentifier(identifier(stream));
  if (expectedRevision === 'any') options.setAny(new Empty());
  else if (expectedRevision === 'none') options.setNoStream(new Empty());
  else options.setStreamPosition(String(expectedRevision));
  return options;
}

function proposed({ id, type, data, metadata }: ReadyEvent): InstanceType<typeof BatchAppendReq.ProposedMessage> {
  const message = new BatchAppendReq.ProposedMessage();
  message.setId(uuid(id));
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  message.setData(Buffer.from(data));
  message.setCustomMetadata(Buffer.from(metadata));
  return message;
}

function positionOf({ commit, prepare }: LogPosition): InstanceType<typeof Options.Position> {
  const position = new Options.Position();
  position.setCommitPosition(commit);
  position.setPreparePosition(prepare);
  return position;
}

type ReadOptions = InstanceType<typeof Options>;
type StreamOptions = InstanceType<typeof Options.StreamOptions>;

function readOf(stream: string, start: (options: StreamOptions) => void, direction: 0 | 1, count: number): ReadRequest {
  const from = new Options.StreamOptions();
  from.setStreamIdentifier(identifier(stream));
  start(from);
  const options = readOptions(direction, count);
  options.setStream(from);
  options.setNoFilter(new Empty());
  return request(options);
}

function readOptions(direction: 0 | 1, count?: number): ReadOptions {
  const uuids = new Options.UUIDOption();
  uuids.setString(new Empty());
  // The first revision of the protocol that ends a read of a stream by saying where the stream ends.
  const control = new Options.ControlOption();
  control.setCompatibility(1);
  const options = new Options();
  options.setUuidOption(uuids);
  options.setControlOption(control);
  options.setReadDirection(direction);
  options.setResolveLinks(false);
  if (count !== undefined) options.setCount(String(count));
  return options;
}

function request(options: ReadOptions): ReadRequest {
  const message = new ReadReq();
  message.setOptions(options);
  return message;
}

function identifier(stream: string): InstanceType<typeof StreamIdentifier> {
  const message = new StreamIdentifier();
  message.setStreamName(Buffer.from(stream));
  return message;
}

function uuid(text: string): InstanceType<typeof UUID> {
  const message = new UUID();
  message.setString(text);
  return message;
}
