import pg from 'pg';
import { Gather } from '../gather.js';
import type { Logger } from '../logger.js';
import {
  type Appended,
  type AppendResult,
  type EventBatch,
  type EventStore,
  EventStoreError,
  EventStoreUnavailable,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type StreamAppend,
  StreamConflict,
  type StreamRead,
  type StreamState,
  type SubscribeOptions,
} from './event-store.js';
import { appendTogether } from './postgres/append.js';
import { Database } from './postgres/database.js';
import { followLog } from './postgres/follow.js';
import { HeadWatch } from './postgres/head-watch.js';
import { lookUpTogether } from './postgres/look-up.js';
import { parsePosition, toPosition } from './postgres/position.js';
import { type ReadRequest, readTogether } from './postgres/read.js';
import { migrate, requireInstalled } from './postgres/schema.js';
import { isStreamName, type ReadyAppend, validateAppend } from './validate-append.js';

/** Where the log is: in the database of a pool that others use too and that stays open, or of a pool of its own. */
export type PostgresLocation = { readonly pool: pg.Pool } | { readonly connectionString: string };

export type PostgresOptions = PostgresLocation & {
  /** Told of lost connections, which the store goes on from by itself. */
  readonly logger?: Logger;
  /** Milliseconds after which subscribers look at the log even though nobody told them of an append; default 5,000. */
  readonly pollInterval?: number;
  /** Opens only a log that is there; then a role is enough that may read its tables. */
  readonly mustExist?: boolean;
};

/**
 * The event store in a Postgres database, version 15 or later: one table in a schema of its own, `event_store`.
 *
 * Appends that wait while one is under way go out together in the next call, and so do reads. Positions count the
 * events of the log without a gap.
 *
 * @throws EventStoreUnavailable when the database cannot be reached, or its schema cannot be made or read
 * @throws EventStoreMissing where it must exist and does not
 */
export async function openPostgresEventStore(options: PostgresOptions): Promise<EventStore> {
  const { logger = SILENT, pollInterval = 5_000, mustExist = false } = options;
  const database =
    'pool' in options
      ? new Database(options.pool, 'shared', logger)
      : new Database(ownPool(options.connectionString), 'own', logger);
  try {
    await database.withClient(mustExist ? requireInstalled : migrate);
  } catch (error) {
    await database.close();
    throw error;
  }
  const watch = new HeadWatch({ connection: database.connection, logger, pollInterval });
  return new PostgresEventStore(database, watch, logger);
}

const ignore = (): void => undefined;
const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ownPool(connectionString: string): pg.Pool {
  return new pg.Pool({
    connectionString,
    application_name: 'event store',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
}

const HEAD = {
  name: 'event_store_head',
  text: 'select coalesce(max(position), 0) from event_store.events',
};

const EVENT_AT = {
  name: 'event_store_event_at',
  text: 'select id from event_store.events where position = $1',
};

class PostgresEventStore implements EventStore {
  readonly #appends: Gather<ReadyAppend, Appended | StreamConflict>;
  readonly #reads: Gather<ReadRequest, StreamRead>;
  readonly #lookUps: Gather<readonly number[], RecordedEvent[]>;
  readonly #subscriptions = new Set<AbortController>();
  #closing: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly watch: HeadWatch,
    private readonly logger: Logger,
  ) {
    this.#appends = new Gather({
      send: (appends) => appendTogether(database, appends),
      callsInFlight: 1,
      largestCall: 500,
      heaviestCall: 4_000_000,
      weigh: ({ bytes }) => bytes,
    });
    this.#reads = new Gather({
      send: (requests) => readTogether(database, requests),
      callsInFlight: 2,
      largestCall: 500,
    });
    this.#lookUps = new Gather({
      send: (requests) => lookUpTogether(database, requests),
      callsInFlight: 2,
      largestCall: 500,
      heaviestCall: 1_000,
      weigh: (positions) => positions.length,
    });
  }

  append(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: ExpectedRevision,
    given: readonly StreamState[] = [],
  ): Promise<Appended> {
    return this.#append({ stream, events, expectedRevision, given });
  }

  async #append(request: StreamAppend): Promise<Appended> {
    const append = validateAppend(request);
    this.#assertOpen();
    const answer = await this.#appends.ask(append);
    if (answer instanceof StreamConflict) throw answer;
    return answer;
  }

  appendMany(appends: readonly StreamAppend[]): Promise<AppendResult[]> {
    return Promise.all(appends.map((append) => this.#appendOneOfMany(append)));
  }

  async #appendOneOfMany(request: StreamAppend): Promise<AppendResult> {
    try {
      return { status: 'appended', appended: await this.#append(request) };
    } catch (error) {
      if (error instanceof EventStoreError) return { status: 'failed', error };
      throw error;
    }
  }

  async readStream(stream: string, from = 0): Promise<StreamRead> {
    if (!Number.isSafeInteger(from) || from < 0) throw new RangeError(`${from} is no revision to read from`);
    this.#assertOpen();
    if (!isStreamName(stream)) return { stream, revision: 'none', events: [] };
    return this.#reads.ask({ stream, from });
  }

  readStreams(streams: readonly string[]): Promise<StreamRead[]> {
    return Promise.all(streams.map((stream) => this.readStream(stream)));
  }

  subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    if (options.streamPrefixes.length === 0) throw new TypeError('a subscription needs a prefix of stream names');
    return { [Symbol.asyncIterator]: () => this.#follow(options) };
  }

  async *#follow({ after, streamPrefixes, signal }: SubscribeOptions): AsyncGenerator<EventBatch, void, undefined> {
    if (signal.aborted || this.#closing) return;
    const ending = new AbortController();
    const end = () => ending.abort();
    signal.addEventListener('abort', end);
    this.#subscriptions.add(ending);
    try {
      const { database, watch, logger } = this;
      yield* followLog({ database, watch, logger, after, prefixes: streamPrefixes, signal: ending.signal });
    } finally {
      end();
      signal.removeEventListener('abort', end);
      this.#subscriptions.delete(ending);
    }
  }

  async head(): Promise<Position> {
    this.#assertOpen();
    const [row] = await this.database.run(HEAD, []);
    return toPosition(Number(row?.[0]));
  }

  async eventAt(position: Position): Promise<string | undefined> {
    const count = parsePosition(position);
    this.#assertOpen();
    const [row] = await this.database.run(EVENT_AT, [count]);
    return row?.[0] ?? undefined;
  }

  async eventsAt(positions: readonly Position[]): Promise<RecordedEvent[]> {
    const counts = positions.map(parsePosition);
    this.#assertOpen();
    return this.#lookUps.ask(counts);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.abort();
    await Promise.all([this.#appends.idle(), this.#reads.idle(), this.#lookUps.idle()]);
    await this.watch.close();
    await this.database.close();
  }

  #assertOpen(): void {
    if (this.#closing) throw new EventStoreUnavailable('the store is closed');
  }
}
