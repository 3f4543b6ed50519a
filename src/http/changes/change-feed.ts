import { setTimeout as delay } from 'node:timers/promises';

import { readStanding } from '../../commands/authority.js';
import type { EventBatch, Position } from '../../event-store/event-store.js';
import { readUpTo } from '../../rebuilding/read-up-to.js';
import type { Caller } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { scrubbedError } from '../logging.js';
import { problemOf } from '../problems/from-error.js';
import { Problem } from '../problems/problem.js';
import { EventStream, type UserFrame } from './event-stream.js';
import { changesOf, RecentChanges, STREAMS_OF_CHANGES, usersChanged } from './recent-changes.js';
import { framesOf } from './user-frames.js';

/** How many changes are remembered, and read again at most, for those who come back. */
const MOST_REMEMBERED = 10_000;

/** More people than this changed at once are not told of one by one: loading a page again is less. */
const MOST_AT_ONCE = 200;

/** How many streams one person may have open at one instance. */
const MOST_OF_ONE_PERSON = 20;

/** The longest that a timer waits (Node would take more for nothing): the stream ends then, and its reader comes back. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Listener {
  readonly workspaceId: string;
  readonly caller: Caller;
  readonly stream: EventStream;
}

/** What follows the log while anybody listens. */
interface Follow {
  readonly recent: RecentChanges;
  /** All behind it is yet to be told. The users tab shows everything up to it. */
  position: Position;
}

/**
 * Tells those who look at a users tab what changes in it. One reader follows the log for all of them; a row is read when
 * the users tab shows the change, once for all who follow its workspace.
 */
export class ChangeFeed {
  private readonly listeners = new Set<Listener>();
  private readonly closing = new AbortController();
  private following: Promise<Follow> | undefined;
  private reachingBack: Promise<void> = Promise.resolve();
  private readonly heart: NodeJS.Timeout;

  constructor(private readonly dependencies: HttpDependencies) {
    this.heart = setInterval(() => void this.beat(), dependencies.config.heartbeat).unref();
  }

  /**
   * What changes in a workspace from now on, or from behind a position on. The caller's right to it has been checked, and
   * is watched from here.
   *
   * @throws Problem `too-many-requests`
   */
  open(workspaceId: string, caller: Caller, after: Position | undefined): EventStream {
    const ofCaller = [...this.listeners].filter((listener) => listener.caller.userId === caller.userId);
    if (ofCaller.length >= MOST_OF_ONE_PERSON) throw new Problem('too-many-requests');
    const listener: Listener = { workspaceId, caller, stream: new EventStream() };
    const { stream } = listener;
    const left = (caller.until?.getTime() ?? Infinity) - Date.now();
    const timer = setTimeout(() => stream.end('session-ended'), Math.min(left, LONGEST_TIMER)).unref();
    this.listeners.add(listener);
    stream.once('close', () => {
      clearTimeout(timer);
      this.listeners.delete(listener);
    });
    this.begin(listener, after).catch((error: unknown) => this.fail(listener, error));
    return stream;
  }

  /** Ends every stream, so that the server can close. */
  close(): void {
    this.closing.abort();
    clearInterval(this.heart);
    for (const { stream } of this.listeners) stream.end('closing');
  }

  /** Tells what was missed, then lets what comes through. */
  private async begin(listener: Listener, after: Position | undefined): Promise<void> {
    const { workspaceId, stream } = listener;
    this.following ??= this.follow();
    const follow = await this.following;
    if (after !== undefined && after < follow.recent.start) await this.reachBack(follow.recent, after);
    // Another instance may be ahead of this one; nobody is ahead of the log.
    const isOurs = after === undefined || after <= follow.position || after <= (await this.dependencies.store.head());
    // From here on, what is published waits in the stream: nothing falls between.
    const { position } = follow;
    const missed = after === undefined ? new Map() : isOurs && follow.recent.since(after, workspaceId);
    const isTooMuch = !missed || missed.size > MOST_AT_ONCE;
    stream.open(isTooMuch ? undefined : await framesOf(workspaceId, missed, this.dependencies), position);
  }

  /** @throws EventStoreUnavailable */
  private async follow(): Promise<Follow> {
    const { store, logger } = this.dependencies;
    try {
      const position = await store.head();
      const follow = { recent: new RecentChanges(position, MOST_REMEMBERED), position };
      await this.untilShown(position);
      this.run(follow).catch((error: unknown) => {
        logger.error({ err: scrubbedError(error) }, 'changes cannot be followed; those who listen have to come back');
        this.following = undefined;
        for (const { stream } of this.listeners) stream.end('event-store-unavailable');
      });
      return follow;
    } catch (error) {
      this.following = undefined;
      throw error;
    }
  }

  private async run(follow: Follow): Promise<void> {
    const { signal } = this.closing;
    const options = { after: follow.position, streamPrefixes: STREAMS_OF_CHANGES, signal };
    for await (const batch of this.dependencies.store.subscribe(options)) {
      if (batch.events.length > 0) {
        await this.untilShown(batch.position);
        await this.publish(follow, batch);
      }
      follow.position = batch.position;
    }
  }

  private async untilShown(position: Position): Promise<void> {
    const { positions, config, logger } = this.dependencies;
    while (!this.closing.signal.aborted) {
      try {
        if (await positions.wait('users-tab', position, config.positionTimeout)) return;
      } catch (error) {
        logger.warn({ err: scrubbedError(error) }, 'how far the users tab is cannot be read; trying again');
        await delay(config.positionTimeout, undefined, { ref: false });
      }
    }
  }

  private async publish(follow: Follow, { events, position }: EventBatch): Promise<void> {
    const changes = changesOf(events);
    follow.recent.add(changes);
    follow.position = position;
    const byWorkspace = new Map<string, Listener[]>();
    for (const listener of this.listeners) {
      byWorkspace.set(listener.workspaceId, [...(byWorkspace.get(listener.workspaceId) ?? []), listener]);
    }
    for (const [workspaceId, listeners] of byWorkspace) {
      const changed = usersChanged(changes, workspaceId);
      if (changed.size === 0) continue;
      // Whoever was put out is told nothing of it, and nothing more.
      const concerned = listeners.filter(({ caller }) => changed.has(caller.userId));
      await Promise.all(concerned.map((listener) => this.checkRight(listener)));
      await this.tell(workspaceId, changed, listeners, position);
    }
  }

  private async tell(
    workspaceId: string,
    changed: ReadonlyMap<string, Position>,
    listeners: readonly Listener[],
    position: Position,
  ): Promise<void> {
    let frames: UserFrame[] | undefined;
    try {
      if (changed.size <= MOST_AT_ONCE) frames = await framesOf(workspaceId, changed, this.dependencies);
    } catch (error) {
      this.dependencies.logger.warn({ err: scrubbedError(error) }, 'changed users cannot be read');
    }
    for (const { stream } of listeners) {
      if (frames) stream.offer(frames);
      else stream.reload(position);
    }
  }

  /** Reads what changed before anybody listened here, for those who listened elsewhere or before a restart. */
  private async reachBack(recent: RecentChanges, after: Position): Promise<void> {
    const previous = this.reachingBack;
    const reaching = previous.then(() => this.readOlder(recent, after));
    this.reachingBack = reaching;
    await reaching;
  }

  private async readOlder(recent: RecentChanges, after: Position): Promise<void> {
    const { store, logger } = this.dependencies;
    const upTo = recent.start;
    if (after >= upTo) return;
    const { signal } = this.closing;
    const range = { after, upTo, streamPrefixes: STREAMS_OF_CHANGES, size: MOST_REMEMBERED, signal };
    try {
      for await (const { events, position } of readUpTo(store, range)) {
        if (position === upTo && recent.start === upTo) recent.addOlder(after, changesOf(events));
        return;
      }
    } catch (error) {
      // A position of no log of ours, or no answer: whoever asked loads everything anew.
      logger.info({ err: scrubbedError(error) }, 'older changes cannot be read');
    }
  }

  private async checkRight(listener: Listener): Promise<void> {
    const { workspaceId, caller } = listener;
    try {
      await readStanding(this.dependencies.aggregates, workspaceId, caller.userId);
    } catch (error) {
      this.fail(listener, error);
    }
  }

  private fail({ stream }: Listener, error: unknown): void {
    stream.end(problemOf(error).code);
  }

  private async beat(): Promise<void> {
    for (const { stream } of this.listeners) stream.beat();
    const ids = [...this.listeners].flatMap(({ caller }) => caller.sessionId ?? []);
    if (ids.length === 0) return;
    try {
      const over = await this.dependencies.redeemedTokens.redeemedOf(ids);
      for (const { caller, stream } of this.listeners) {
        if (caller.sessionId !== undefined && over.has(caller.sessionId)) stream.end('session-ended');
      }
    } catch (error) {
      this.dependencies.logger.warn({ err: scrubbedError(error) }, 'whether sessions have ended cannot be read');
    }
  }
}
