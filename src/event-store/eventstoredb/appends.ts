import {
  type Appended,
  type AppendResult,
  EventStoreError,
  EventStoreUnavailable,
  type StreamAppend,
  StreamConflict,
} from '../event-store.js';
import { type ReadyAppend, validateAppend } from '../validate-append.js';
import { mapAtOnce } from './at-once.js';
import { readTail, type Trace } from './collect.js';
import type { Link } from './link.js';
import type { Reads } from './reads.js';
import { Turns } from './turns.js';

/** How many appends of one `appendMany` are under way at once; the server gains nothing from more. */
const AT_ONCE = 256;

/** How far back from a stream's end an append that expects any revision is looked for, to see whether it is there. */
const LOOK_BACK = 1_000;

/** Of how many streams the end is remembered. */
const MOST_ENDS = 64;

/** Appends, repeated after failures until their outcome is known or time is up. */
export class Appends {
  /**
   * Appends to one stream go one after another. A repeat that overtakes the end of what it repeats is dropped by the
   * server, which says so two seconds later; and of two that expect the same revision only one can succeed anyway.
   */
  readonly #turns = new Turns();
  /** Of the streams last appended to without regard to their revision: spares a busy one being read each time. */
  readonly #ends = new Map<string, StreamEnd>();

  constructor(
    private readonly link: Link,
    private readonly reads: Reads,
  ) {}

  async append(request: StreamAppend): Promise<Appended> {
    const append = validateAppend(request);
    const deadline = this.link.deadline();
    if (append.given.length > 0) {
      const moved = await this.#moved(append);
      // An append that was stored before is answered as it was then, whatever has moved since.
      if (moved) return (await this.#findStored(append, deadline)) ?? raise(moved);
    }
    return this.#turns.take(append.stream, () =>
      append.expectedRevision === 'any' ? this.#appendAnyhow(append, deadline) : this.#appendExactly(append, deadline),
    );
  }

  /** Once one append found no server, those that have not begun are not tried: the caller waits for one timeout only. */
  async appendMany(requests: readonly StreamAppend[]): Promise<AppendResult[]> {
    let unavailable: EventStoreUnavailable | undefined;
    return mapAtOnce(requests, AT_ONCE, async (request) => {
      try {
        if (unavailable) throw unavailable;
        return { status: 'appended', appended: await this.append(request) };
      } catch (error) {
        if (!(error instanceof EventStoreError)) throw error;
        if (error instanceof EventStoreUnavailable) unavailable = error;
        return { status: 'failed', error };
      }
    });
  }

  /** The server itself recognises a repeated append by the revision and the ids, also after a restart. */
  #appendExactly(append: ReadyAppend, deadline: number): Promise<Appended> {
    return this.link.attempt(`append to ${append.stream}`, (connection) => connection.append(append), deadline);
  }

  /** The conflict with the first given stream that is no longer where it was. */
  async #moved({ given }: ReadyAppend): Promise<StreamConflict | undefined> {
    const now = await Promise.all(
      given.map(({ stream, revision }) => this.reads.readStream(stream, revision === 'none' ? 0 : revision)),
    );
    const index = given.findIndex(({ revision }, index) => now[index]?.revision !== revision);
    const then = given[index];
    return then && new StreamConflict(then.stream, then.revision, now[index]?.revision ?? 'none');
  }

  async #findStored(append: ReadyAppend, deadline: number): Promise<Appended | undefined> {
    return findEarlier(append, await this.#readTail(append, deadline));
  }

  /**
   * Where any revision is expected, the server recognises a repeated append only by ids that it happens to remember: a
   * restart or a new leader makes it store the events twice. So it is looked for in the stream's end, and what is not
   * there is appended at exactly the revision that was looked at.
   */
  async #appendAnyhow(append: ReadyAppend, deadline: number): Promise<Appended> {
    const { stream, events } = append;
    let end = this.#ends.get(stream);
    for (;;) {
      if (!end || events.some(({ id }) => end?.ids.includes(id))) {
        const tail = await this.#readTail(append, deadline);
        const earlier = findEarlier(append, tail);
        if (earlier) return earlier;
        end = { revision: tail.at(-1)?.revision ?? 'none', ids: tail.map(({ id }) => id) };
      }
      try {
        const appended = await this.#appendExactly({ ...append, expectedRevision: end.revision }, deadline);
        this.#remember(stream, { revision: appended.revision, ids: [...end.ids, ...events.map(({ id }) => id)] });
        return appended;
      } catch (error) {
        if (!(error instanceof StreamConflict)) throw error;
        if (Date.now() >= deadline) {
          throw new EventStoreUnavailable(`append to ${stream}: others always came first`, { cause: error });
        }
        end = undefined;
      }
    }
  }

  #readTail({ stream, events }: ReadyAppend, deadline: number): Promise<Trace[]> {
    const count = LOOK_BACK + events.length;
    const what = `append to ${stream}`;
    return this.link.attempt(what, (connection, alive) => readTail(connection, stream, count, alive), deadline);
  }

  #remember(stream: string, { revision, ids }: StreamEnd): void {
    this.#ends.delete(stream);
    this.#ends.set(stream, { revision, ids: ids.slice(-LOOK_BACK) });
    const [oldest] = this.#ends.keys();
    if (oldest !== undefined && this.#ends.size > MOST_ENDS) this.#ends.delete(oldest);
  }
}

function raise(error: Error): never {
  throw error;
}

/** What a stream ended with when last seen. If it has gone on since, an append at `revision` conflicts. */
interface StreamEnd {
  readonly revision: number | 'none';
  readonly ids: readonly string[];
}

/**
 * Finds an append in the end of its stream.
 *
 * @throws StreamConflict when its first event is there without the others
 */
function findEarlier({ stream, events }: ReadyAppend, tail: readonly Trace[]): Appended | undefined {
  const begins = tail.flatMap(({ id }, index) => (id === events[0]?.id ? [index] : []));
  for (const begin of begins) {
    const last = tail[begin + events.length - 1];
    if (last && events.every(({ id }, index) => tail[begin + index]?.id === id)) {
      return { revision: last.revision, position: last.position };
    }
  }
  if (begins.length > 0) throw new StreamConflict(stream, 'any', tail.at(-1)?.revision ?? 'none');
  return undefined;
}
