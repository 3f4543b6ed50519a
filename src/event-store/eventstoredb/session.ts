import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../logger.js';
import {
  type EventBatch,
  EventStoreUnavailable,
  ForeignPosition,
  type Position,
  type RecordedEvent,
} from '../event-store.js';
import { unlessAborted } from '../unless-aborted.js';
import type { Answer, EventRecord } from './answers.js';
import { readHeadPosition } from './collect.js';
import { isUnknownToServer, remedyFor, Unanswered } from './failures.js';
import { Inbox } from './inbox.js';
import type { Link } from './link.js';
import { parsePosition, toPosition } from './position.js';
import { follow } from './requests.js';
import { recordedEvent } from './responses.js';

/** Milliseconds of silence after which the server is asked how far the log has gone. */
const IDLE = 1_000;
/** Milliseconds in which an event that the log has already must arrive. */
const GRACE = 200;
/** Milliseconds in which what was held back of a full inbox must arrive. */
const REFILL = 20;

export interface SessionOptions {
  readonly link: Link;
  readonly logger: Logger;
  readonly after: Position;
  readonly prefixes: readonly string[];
  readonly signal: AbortSignal;
  /** Milliseconds in which the server must confirm the subscription. */
  readonly timeout: number;
}

/**
 * One subscription as the server knows it: it ends with the connection, when the server drops it, or when it has to be
 * made anew for the checkpoint to move on.
 */
export class Session {
  /** Whether the server has sent everything that there was. */
  #caughtUp = false;
  /** Whether the last batch said so. */
  #saidCaughtUp = false;
  #hasBegun = false;
  #position: Position;

  private constructor(
    private readonly inbox: Inbox,
    private readonly options: SessionOptions,
    /** The log's newest event from before the subscription: all up to here has been delivered on catching up. */
    private readonly head: Position,
  ) {
    this.#position = options.after;
  }

  /** @throws ForeignPosition when the log ends before the position; otherwise as a call does */
  static async open(options: SessionOptions): Promise<Session> {
    const { link, after, prefixes, signal, timeout } = options;
    const head = await link.attempt('subscription', readHeadPosition);
    if (after > head) throw new ForeignPosition(`the log ends at ${head}, before ${after}`);
    const connection = link.connection('subscription');
    const lost = (error: unknown) => {
      if (remedyFor(error) === 'reconnect') link.drop(connection, error);
      return error;
    };
    const call = await connection.read(follow(parsePosition(after), prefixes)).catch((error: unknown) => {
      throw lost(error);
    });
    const inbox = new Inbox(call, lost);
    await inbox.arrival(timeout, signal);
    if (inbox.isEmpty && !inbox.end) {
      inbox.close();
      throw signal.aborted ? new EventStoreUnavailable('aborted') : lost(new Unanswered(timeout));
    }
    return new Session(inbox, options, head);
  }

  /** The next batch as soon as there is anything to say; `undefined` when this session is over without a fault. */
  async next(): Promise<EventBatch | undefined> {
    const { inbox, options } = this;
    while (!options.signal.aborted) {
      const batch = this.#deliver();
      if (batch) return batch;
      if (inbox.end) throw this.#fault(inbox.end);
      const mustSay = this.#caughtUp && !this.#saidCaughtUp;
      await inbox.arrival(mustSay ? REFILL : IDLE, options.signal);
      if (!inbox.isEmpty || inbox.end) {
        // What else came with it arrives in this turn, one by one: each by itself would be a batch, with all that a batch costs.
        await nextTurn();
        continue;
      }
      if (mustSay) return this.#batch([], true);
      if (await this.#isLeftBehind()) return undefined;
    }
    return undefined;
  }

  close(): void {
    this.inbox.close();
  }

  #deliver(): EventBatch | undefined {
    const before = this.#position;
    const events: RecordedEvent[] = [];
    const { answers, more } = this.inbox.take();
    for (const answer of answers) this.#take(answer, events);
    const caughtUp = this.#caughtUp && !more;
    const isNews = events.length > 0 || this.#position !== before || (caughtUp && !this.#saidCaughtUp);
    return answers.length > 0 && isNews ? this.#batch(events, caughtUp) : undefined;
  }

  #batch(events: RecordedEvent[], caughtUp: boolean): EventBatch {
    this.#saidCaughtUp = caughtUp;
    return { events, position: this.#position, caughtUp };
  }

  #take({ record, checkpoint, standing }: Answer, events: RecordedEvent[]): void {
    this.#hasBegun = true;
    if (record) {
      const event = this.#ours(record);
      if (event) events.push(event);
      this.#advance(toPosition(record));
    } else if (checkpoint) {
      this.#advance(toPosition(checkpoint));
    } else if (standing === 'caught up') {
      this.#caughtUp = true;
      this.#advance(this.head);
    } else if (standing === 'fell behind') {
      this.#caughtUp = false;
    }
  }

  #advance(position: Position): void {
    if (position > this.#position) this.#position = position;
  }

  #ours(record: EventRecord): RecordedEvent | undefined {
    const { stream, revision } = record;
    if (stream.startsWith('$')) return undefined;
    const event = recordedEvent(record);
    if (!event) this.options.logger.warn({ stream, revision }, 'left out an event that is not ours');
    return event;
  }

  /**
   * Whether the log has gone on without this subscription hearing of it: the server reports events that the prefixes
   * leave out only every so often, and one that fails may report nothing. A new subscription will say what is there.
   */
  async #isLeftBehind(): Promise<boolean> {
    const { inbox, options } = this;
    const head = await unlessAborted(options.link.attempt('head', readHeadPosition), options.signal);
    if (head === undefined || !this.#caughtUp || head <= this.#position) return false;
    await inbox.arrival(GRACE, options.signal);
    return inbox.isEmpty && !inbox.end;
  }

  #fault(reason: Error): Error {
    if (this.#hasBegun || !isUnknownToServer(reason)) return reason;
    return new ForeignPosition(`the log has no position ${this.options.after}`, { cause: reason });
  }
}
