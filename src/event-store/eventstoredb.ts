import type { Logger } from '../logger.js';
import {
  type Appended,
  type AppendResult,
  type EventBatch,
  type EventStore,
  EventStoreUnavailable,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type StreamAppend,
  type StreamRead,
  type StreamState,
  type SubscribeOptions,
} from './event-store.js';
import { Appends } from './eventstoredb/appends.js';
import { readEventAt, readHeadPosition } from './eventstoredb/collect.js';
import { Link } from './eventstoredb/link.js';
import { parsePosition } from './eventstoredb/position.js';
import { Reads } from './eventstoredb/reads.js';
import { followForEver } from './eventstoredb/subscription.js';

export interface EventStoreDBOptions {
  /** `esdb://host:port`, several hosts of a cluster with commas between them, or `esdb+discover://`. */
  readonly connectionString: string;
  readonly logger: Logger;
  /** Milliseconds within which a call is answered or fails, and a server that says nothing is given up; default 10,000. */
  readonly timeout?: number;
}

/**
 * The event store in EventStoreDB 23.10 or later, one node or a cluster. `docs/event-stores.md` says what it needs and
 * survives.
 *
 * Opens at once, whether or not the server is there: calls fail, and subscriptions wait, until it is.
 *
 * @throws TypeError when the connection string cannot be read; it is not in the message, for it may hold a password
 */
export async function openEventStoreDB(options: EventStoreDBOptions): Promise<EventStore> {
  return new EventStoreDB({ timeout: 10_000, ...options });
}

class EventStoreDB implements EventStore {
  readonly #link: Link;
  readonly #appends: Appends;
  readonly #reads: Reads;
  /** Calls that `close` lets finish, and what ends each subscription. */
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #subscriptions = new Set<() => void>();
  #isClosing = false;

  constructor(private readonly options: Required<EventStoreDBOptions>) {
    this.#link = new Link(options);
    this.#reads = new Reads(this.#link, options.logger);
    this.#appends = new Appends(this.#link, this.#reads);
  }

  append(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: ExpectedRevision,
    given: readonly StreamState[] = [],
  ): Promise<Appended> {
    return this.#call(() => this.#appends.append({ stream, events, expectedRevision, given }));
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<AppendResult[]> {
    if (this.#isClosing) return appends.map(() => ({ status: 'failed', error: closed() }));
    return this.#call(() => this.#appends.appendMany(appends));
  }

  readStream(stream: string, from = 0): Promise<StreamRead> {
    return this.#call(() => this.#reads.readStream(stream, from));
  }

  readStreams(streams: readonly string[]): Promise<StreamRead[]> {
    return this.#call(() => this.#reads.readStreams(streams));
  }

  head(): Promise<Position> {
    return this.#call(() => this.#link.attempt('head', readHeadPosition));
  }

  async eventAt(position: Position): Promise<string | undefined> {
    const place = parsePosition(position);
    if (place === 'start') return undefined;
    return this.#call(() => this.#link.attempt('event', (...call) => readEventAt(place, ...call)));
  }

  subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    if (options.streamPrefixes.length === 0) throw new TypeError('a subscription needs a prefix of stream names');
    return this.#follow(options);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    for (const end of this.#subscriptions) end();
    await Promise.allSettled(this.#underWay);
    this.#link.close();
  }

  async #call<T>(action: () => Promise<T>): Promise<T> {
    if (this.#isClosing) throw closed();
    const call = action();
    this.#underWay.add(call);
    try {
      return await call;
    } finally {
      this.#underWay.delete(call);
    }
  }

  async *#follow({ after, streamPrefixes, signal }: SubscribeOptions): AsyncGenerator<EventBatch, void, undefined> {
    const stop = new AbortController();
    const end = () => stop.abort();
    if (signal.aborted || this.#isClosing) end();
    signal.addEventListener('abort', end);
    this.#subscriptions.add(end);
    try {
      yield* followForEver({
        ...this.options,
        link: this.#link,
        after,
        prefixes: streamPrefixes,
        signal: stop.signal,
      });
    } finally {
      // Ends a session that was still being opened.
      end();
      signal.removeEventListener('abort', end);
      this.#subscriptions.delete(end);
    }
  }
}

const closed = () => new EventStoreUnavailable('the store is closed');
