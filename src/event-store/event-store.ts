/**
 * The event-store port: an ordered log of events, cut into streams.
 *
 * Two engines implement it (`postgres.ts`, `eventstoredb.ts`) and one contract suite in `test/event-store/` holds both
 * to every sentence of this file. Nothing outside this folder knows which engine runs.
 */

/**
 * Where an event stands in the whole log. Opaque outside the engine that made it, except that positions of one engine
 * compare with `<` as strings in log order: engines pad their numbers to a fixed width to make it so.
 */
export type Position = string & { readonly __brand: 'Position' };

/** The position before the first event: `subscribe({ after: START })` reads the log from its beginning. */
export const START = '' as Position;

/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. The log has the names of an object in an order of its own. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** An event to append. `id` is a UUID; the same id sent again with the same expected revision is the same event. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

/** An event as the log has it. `revision` counts from 0 in its stream. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** What the log has of it; absent for an event that was not read from a log, or is a copy of one that was. */
  texts?(): StoredTexts;
  /** Whether `eventsAt` gives it again by its position, so that nobody need keep a copy of it; absent where `texts` is. */
  readonly isAtHand?: boolean;
}

/** The JSON that the values of an event were parsed from. Undefined where there was none that could be. */
export interface StoredTexts {
  readonly data: string;
  readonly metadata: string | undefined;
}

/**
 * What the writer believes the stream to be: `'none'` (it has no events), `'any'` (do not check), or the revision of
 * its last event.
 */
export type ExpectedRevision = 'none' | 'any' | number;

/** A stream as somebody knows it. `revision` is that of its last event, `'none'` where it has no events. */
export interface StreamState {
  readonly stream: string;
  readonly revision: number | 'none';
}

/** One stream's share of an append to many streams. */
export interface StreamAppend {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expectedRevision: ExpectedRevision;
  /** Other streams that the append was decided on, as `append` has them. */
  readonly given?: readonly StreamState[];
}

/**
 * The stream's revision after the append, and the position of the last event appended: a subscriber whose checkpoint
 * has reached `position` has seen all of it. An append repeated with the same event ids and expected revision answers
 * what the first one answered.
 */
export interface Appended {
  readonly revision: number;
  readonly position: Position;
}

/** One result of `appendMany`, in the order of the request. */
export type AppendResult =
  | { readonly status: 'appended'; readonly appended: Appended }
  | { readonly status: 'failed'; readonly error: EventStoreError };

/** A stream read to its end. */
export interface StreamRead extends StreamState {
  readonly events: readonly RecordedEvent[];
}

/** What to follow of the log. */
export interface SubscribeOptions {
  /** Only events behind this position are delivered (exclusive), `START` for all. */
  readonly after: Position;
  /** Only streams whose name starts with one of these; at least one. */
  readonly streamPrefixes: readonly string[];
  /** Ends the iteration without an error. Nothing of the subscription is left behind. */
  readonly signal: AbortSignal;
}

/**
 * A piece of the log in order. `position` is a checkpoint: whoever stores it once `events` are dealt with, and
 * subscribes after it later, misses nothing and sees nothing twice. `events` may be empty when only the checkpoint
 * moved or the reader just caught up. `caughtUp` says that at the moment of reading nothing followed.
 */
export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  readonly position: Position;
  readonly caughtUp: boolean;
}

export interface EventStore {
  /**
   * Appends all events to the stream, or none of them.
   *
   * @param given other streams that must not have moved since they were read. Postgres looks in the transaction of the
   *   append. EventStoreDB, which has no transactions across streams, looks just before it: what moves in between is not
   *   seen
   * @throws StreamConflict when the stream is not at the expected revision, or a given one not at its own: it names which
   * @throws InvalidAppend when the append could never succeed: no events, too large, an id that is no UUID, no type,
   *   a value that JSON cannot carry; nothing has been sent
   * @throws EventStoreUnavailable when the outcome is unknown: try again with the same event ids
   */
  append(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: ExpectedRevision,
    given?: readonly StreamState[],
  ): Promise<Appended>;

  /** Appends to many streams at once. Each succeeds or fails by itself; no order is kept between them. Never rejects. */
  appendMany(appends: readonly StreamAppend[]): Promise<AppendResult[]>;

  /**
   * Reads a stream from revision `from` (0 by default) to its end, as of now: every append acknowledged before the
   * call is in it. A stream that does not exist reads as empty.
   *
   * @throws EventStoreUnavailable
   */
  readStream(stream: string, from?: number): Promise<StreamRead>;

  /**
   * Reads several streams in one call, each as `readStream` would, in the order asked for.
   *
   * @throws EventStoreUnavailable
   */
  readStreams(streams: readonly string[]): Promise<StreamRead[]>;

  /**
   * Follows the log: first what is there, then what comes. Reconnects by itself for ever, losing and doubling nothing,
   * until `signal` aborts or the consumer leaves the loop. Reads no further ahead than a bounded buffer.
   *
   * @throws ForeignPosition (from the iteration) when `after` is no position of this log
   * @throws TypeError (from the call or the iteration) when there is no prefix
   */
  subscribe(options: SubscribeOptions): AsyncIterable<EventBatch>;

  /**
   * The position of the newest event of the log, `START` where there is none.
   *
   * @throws EventStoreUnavailable
   */
  head(): Promise<Position>;

  /**
   * The id of the event that stands at exactly this position, whatever its stream. Undefined where none does: the position is
   * not of this log, or lies behind its end, or what stood there was an engine's own.
   *
   * @throws ForeignPosition when the text is no position of this engine
   * @throws EventStoreUnavailable
   */
  eventAt(position: Position): Promise<string | undefined>;

  /**
   * Those of the events at some positions that are there, in the order asked for. Only there where the log finds many events by their
   * positions as soon as a table finds its rows: on Postgres. EventStoreDB has to be asked for each.
   *
   * @throws ForeignPosition when a text is no position of this engine
   * @throws EventStoreUnavailable
   */
  eventsAt?(positions: readonly Position[]): Promise<RecordedEvent[]>;

  /** Ends every subscription and closes connections. Appends and reads under way settle first. */
  close(): Promise<void>;
}

/** The failures of a store, each with a code that never changes. */
export abstract class EventStoreError extends Error {
  abstract readonly code:
    | 'stream-conflict'
    | 'event-store-unavailable'
    | 'event-store-missing'
    | 'invalid-append'
    | 'foreign-position';
}

/** Somebody else wrote first. Read the stream again and decide anew. */
export class StreamConflict extends EventStoreError {
  readonly code = 'stream-conflict';
  override readonly name = 'StreamConflict';

  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: number | 'none',
  ) {
    super(`stream ${stream} is at revision ${actual}, not at ${expected}`);
  }
}

/** The store did not answer. An append may or may not have been stored: repeat it with the same event ids. */
export class EventStoreUnavailable extends EventStoreError {
  readonly code = 'event-store-unavailable';
  override readonly name = 'EventStoreUnavailable';
}

/** There is no log where one was to be opened that exists. */
export class EventStoreMissing extends EventStoreError {
  readonly code = 'event-store-missing';
  override readonly name = 'EventStoreMissing';
}

/** An append that no store would take; refused before it was sent. */
export class InvalidAppend extends EventStoreError {
  readonly code = 'invalid-append';
  override readonly name = 'InvalidAppend';
}

/**
 * A subscription was asked to start after a position that this log never gave: one of another engine, or one behind the
 * log's end. Waiting would not help: the checkpoint belongs to another log, or the log was restored from an older copy.
 */
export class ForeignPosition extends EventStoreError {
  readonly code = 'foreign-position';
  override readonly name = 'ForeignPosition';
}

/** What one append may carry, in bytes of JSON: the limit of EventStoreDB (1 MiB) less what its framing needs. */
export const MAX_APPEND_BYTES = 1_000_000;
