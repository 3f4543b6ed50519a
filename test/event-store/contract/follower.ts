import type { Test } from 'tap';
import {
  type EventBatch,
  type EventStore,
  type Position,
  type RecordedEvent,
  START,
} from '../../../src/event-store/event-store.js';
import { until } from '../../support/until.js';

export interface FollowOptions {
  readonly after?: Position;
  readonly prefixes: readonly string[];
  /** Awaited with each batch before the next one is taken. */
  readonly deal?: (batch: EventBatch) => Promise<void> | void;
}

/** A consumer in the background that keeps every batch it is given. */
export class Follower {
  readonly batches: EventBatch[] = [];
  readonly events: RecordedEvent[] = [];
  /** Settles when the iteration ends: rejects if it ended with an error. */
  readonly ended: Promise<void>;
  hasEnded = false;
  readonly #abort = new AbortController();

  constructor(store: EventStore, options: FollowOptions) {
    this.position = options.after ?? START;
    this.ended = this.#run(store, options).finally(() => {
      this.hasEnded = true;
    });
    this.ended.catch(() => {});
  }

  /** The newest checkpoint. */
  position: Position;

  get caughtUp(): boolean {
    return this.batches.some((batch) => batch.caughtUp);
  }

  async #run(store: EventStore, { prefixes, deal }: FollowOptions): Promise<void> {
    const subscription = store.subscribe({
      after: this.position,
      streamPrefixes: prefixes,
      signal: this.#abort.signal,
    });
    for await (const batch of subscription) {
      this.batches.push(batch);
      this.events.push(...batch.events);
      this.position = batch.position;
      await deal?.(batch);
    }
  }

  /** Waits for this many events in all. */
  async has(count: number): Promise<void> {
    await this.#until(
      () => this.events.length >= count,
      () => `${count} events came (${this.events.length} did)`,
    );
  }

  async hasCaughtUp(): Promise<void> {
    await this.#until(
      () => this.caughtUp,
      () => 'the follower caught up',
    );
  }

  async hasReached(position: Position): Promise<void> {
    await this.#until(
      () => this.position >= position,
      () => `the checkpoint ${this.position} reached ${position}`,
    );
  }

  /** Ends the iteration from outside and waits until it has. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.ended;
  }

  async #until(condition: () => boolean, what: () => string): Promise<void> {
    await until(() => condition() || this.hasEnded, 'something came', 60_000).catch(() => {});
    if (this.hasEnded) await this.ended;
    if (!condition()) throw new Error(`gave up waiting until ${what()}`);
  }
}

/** Follows in the background until the test ends. */
export function follow(t: Test, store: EventStore, options: FollowOptions): Follower {
  const follower = new Follower(store, options);
  t.teardown(() => follower.stop().catch(() => {}));
  return follower;
}

/** Everything that a new subscription delivers until it has caught up. */
export async function catchUp(t: Test, store: EventStore, options: FollowOptions): Promise<RecordedEvent[]> {
  const follower = follow(t, store, options);
  await follower.hasCaughtUp();
  await follower.stop();
  return follower.events;
}
