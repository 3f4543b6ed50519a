import { type EventBatch, type EventStore, EventStoreUnavailable, type Position } from '../event-store/event-store.js';
import type { Logger } from '../logger.js';
import { pauseFor } from '../pause-for.js';
import { LeadershipLost, type Place, ProjectionPaused, VersionMismatch, type Witness } from './checkpoint.js';
import { waitToLead } from './leadership.js';
import { requireSameLog, witnessOf } from './same-log.js';

/** Something that follows the log under one leader: a projection, or the reactor. */
export interface Follower {
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  /** Makes ready what it needs and says where it stands. */
  start(): Promise<Place>;
  /**
   * Deals with a batch and moves the checkpoint from `from` to `batch.position`, in one transaction.
   *
   * @param witness an event at the batch's position, or shortly before it; the last of the batch where it is absent
   */
  advance(batch: EventBatch, from: Position, witness?: Witness): Promise<void>;
}

/** Told of what happens, for metrics and for those who ask how things stand. */
export interface FollowerObserver {
  /** It has dealt with so many more events. */
  advanced(name: string, events: number): void;
  failed(name: string, error: unknown): void;
}

export type FollowerState = 'stopped' | 'standing-by' | 'catching-up' | 'live' | 'paused' | 'failing';

export interface FollowerStatus {
  readonly name: string;
  readonly state: FollowerState;
  /** Why the last try failed, while it fails; or why it stands by, where that is not because another instance leads. */
  readonly error?: string;
}

export interface FollowOptions {
  readonly store: EventStore;
  readonly connectionString: string;
  readonly logger: Logger;
  readonly observer: FollowerObserver;
  /** How old the proof may be that the log is still the same when a batch is dealt with, in milliseconds; default 5,000. */
  readonly sameLogFor?: number;
}

/**
 * The shortest time between two small batches of a follower, in milliseconds. An event that comes alone is
 * dealt with at once; under load, waiting this long gathers many events into a transaction instead of one or two, which
 * would cost several times the work (measured: 570 instead of 2,400 invitations a second with three followers).
 */
const PACE = 25;

/** From here on, a batch is worth a transaction of its own. */
const FULL_BATCH = 250;

/** After so long without the lead, in milliseconds, another instance must have it. */
const STANDING_BY_AFTER = 1_000;

/** How often a follower that is paused, or has tables of another version, looks whether it may go on, in milliseconds. */
const WAITING_POLL = 1_000;

const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

/** Keeps a follower following: leads when it is its turn, and starts over from the checkpoint after any failure. */
export class Following {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private state: FollowerState = 'stopped';
  private lastError: string | undefined;

  constructor(
    private readonly follower: Follower,
    private readonly options: FollowOptions,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.state = 'stopped';
  }

  status(): FollowerStatus {
    const { name } = this.follower;
    return { name, state: this.state, ...(this.lastError === undefined ? {} : { error: this.lastError }) };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let pause = SHORTEST_PAUSE;
    while (!signal.aborted) {
      try {
        await this.lead(() => {
          pause = SHORTEST_PAUSE;
        });
      } catch (error) {
        if (signal.aborted) return;
        this.report(error);
        if (error instanceof ProjectionPaused || error instanceof VersionMismatch) pause = WAITING_POLL;
        await pauseFor(pause * (0.5 + Math.random()), signal);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  }

  private report(error: unknown): void {
    const { logger, observer } = this.options;
    const { name } = this.follower;
    if (error instanceof LeadershipLost) {
      logger.warn({ follower: name, reason: error.message }, 'starting over, or standing by');
      return;
    }
    if (error instanceof ProjectionPaused) {
      if (this.state !== 'paused') logger.warn({ follower: name }, 'paused by an operator');
      this.state = 'paused';
      this.lastError = undefined;
      return;
    }
    if (error instanceof VersionMismatch) {
      if (this.lastError !== error.message) logger.warn({ follower: name, reason: error.message }, 'standing by');
      this.state = 'standing-by';
      this.lastError = error.message;
      return;
    }
    this.state = 'failing';
    this.lastError = error instanceof Error ? error.message : String(error);
    observer.failed(name, error);
    logger.error({ follower: name, err: error }, 'following the log failed; starting over from the checkpoint');
  }

  private async lead(onProgress: () => void): Promise<void> {
    const { store, connectionString, sameLogFor = 5_000 } = this.options;
    const { follower, stopping } = this;
    // Whoever could not go on from there must not stand in the way of those who can.
    await follower.start();
    const turn = waitToLead(connectionString, follower.name, stopping.signal);
    this.standByUnless(turn);
    const leadership = await turn;
    if (!leadership) return;
    try {
      const signal = AbortSignal.any([stopping.signal, leadership.lost]);
      let { position, witness } = await follower.start();
      let provedAt = await this.proveLog({ position, witness }, 'or later');
      if (this.state !== 'failing') this.state = 'catching-up';
      const { streamPrefixes } = follower;
      for await (const batch of store.subscribe({ after: position, streamPrefixes, signal })) {
        const startedAt = performance.now();
        if (batch.position !== position) {
          if (startedAt - provedAt >= sameLogFor) provedAt = await this.proveLog({ position, witness }, 'now');
          const next = await witnessOf(store, batch);
          await follower.advance(batch, position, next);
          witness = next ?? witness;
        }
        position = batch.position;
        onProgress();
        this.noteProgress(batch);
        const early = PACE - (performance.now() - startedAt);
        if (batch.events.length < FULL_BATCH && early > 0) await pauseFor(early, signal);
      }
      if (!stopping.signal.aborted)
        throw new LeadershipLost(`the connection that holds the lead of ${follower.name} was lost`);
    } finally {
      await leadership.release();
    }
  }

  /**
   * A server that is away when following begins says nothing of its log: the first batch will tell.
   *
   * @returns since when it is known
   * @throws ForeignPosition
   */
  private async proveLog(place: Place, when: 'now' | 'or later'): Promise<number> {
    try {
      await requireSameLog(this.options.store, place);
      return performance.now();
    } catch (error) {
      if (when === 'now' || !(error instanceof EventStoreUnavailable)) throw error;
      return Number.NEGATIVE_INFINITY;
    }
  }

  /** Whoever has to wait for its turn has nothing to fail at: another instance leads. */
  private standByUnless(turn: Promise<unknown>): void {
    if (this.state !== 'failing' && this.state !== 'paused') this.state = 'standing-by';
    const waiting = setTimeout(() => {
      if (this.state === 'standing-by') return;
      this.state = 'standing-by';
      this.lastError = undefined;
    }, STANDING_BY_AFTER);
    const done = () => clearTimeout(waiting);
    turn.then(done, done);
  }

  private noteProgress(batch: EventBatch): void {
    this.lastError = undefined;
    this.state = batch.caughtUp ? 'live' : this.state === 'live' ? 'live' : 'catching-up';
    this.options.observer.advanced(this.follower.name, batch.events.length);
  }
}
