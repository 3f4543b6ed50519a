import { readStanding } from '../../commands/authority.js';
import { type EventBatch, type Position, START } from '../../event-store/event-store.js';
import { readUpTo } from '../../rebuilding/read-up-to.js';
import type { Caller } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { scrubbedError } from '../logging.js';
import type { EventStream, Frame } from './event-stream.js';
import { framesOf } from './frames.js';
import { type Listener, Listeners } from './listeners.js';
import type { OpenStreams } from './open-streams.js';
import { type Changed, changedIn, changesOf, RecentChanges, STREAMS_OF_CHANGES } from './recent-changes.js';
import { ShownLog } from './shown-log.js';

/** How many changes are remembered, and read again at most, for those who come back. */
const MOST_REMEMBERED = 10_000;

/** More people than this changed at once are not told of one by one: loading a page again is less. */
const MOST_AT_ONCE = 200;

const NOTHING: Changed = { users: new Map(), name: undefined };

/**
 * Tells those who look at a users tab what changes in it. One reader follows the log for all of them; a row is read when
 * the users tab shows the change, once for all who follow its workspace.
 */
export class ChangeFeed {
  private readonly listeners: Listeners;
  private readonly log: ShownLog;
  private recent = new RecentChanges(START, MOST_REMEMBERED);
  private reachingBack: Promise<void> = Promise.resolve();

  constructor(
    private readonly dependencies: HttpDependencies,
    streams: OpenStreams,
  ) {
    this.listeners = new Listeners(streams, (workspaceId, { userId }) =>
      readStanding(dependencies.aggregates, workspaceId, userId),
    );
    const reader = {
      projection: 'users-tab' as const,
      streamPrefixes: STREAMS_OF_CHANGES,
      begin: (position: Position) => {
        this.recent = new RecentChanges(position, MOST_REMEMBERED);
      },
      tell: (batch: EventBatch) => this.publish(batch),
      lose: () => this.listeners.lose(),
    };
    this.log = new ShownLog(reader, dependencies);
  }

  /**
   * What changes in a workspace from now on, or from behind a position on. The caller's right to it has been checked, and
   * is watched from here.
   *
   * @throws Problem `too-many-requests`
   */
  open(workspaceId: string, caller: Caller, after: Position | undefined): EventStream {
    return this.listeners.open(
      workspaceId,
      caller,
      () => this.log.follow(),
      (stream) => this.begin(workspaceId, stream, after),
    );
  }

  close(): void {
    this.log.close();
  }

  /** Tells what was missed, then lets what comes through. */
  private async begin(workspaceId: string, stream: EventStream, after: Position | undefined): Promise<void> {
    const { recent } = this;
    if (after !== undefined && after < recent.start) await this.reachBack(recent, after);
    // Another instance may be ahead of this one; nobody is ahead of the log.
    const isOurs = after === undefined || after <= this.log.position || after <= (await this.dependencies.store.head());
    // From here on, what is published waits in the stream: nothing falls between.
    const { position } = this.log;
    const missed = after === undefined ? NOTHING : isOurs && recent.since(after, workspaceId);
    const isTooMuch = !missed || missed.users.size > MOST_AT_ONCE;
    stream.open(isTooMuch ? undefined : await framesOf(workspaceId, missed, this.dependencies), position);
  }

  private async publish({ events, position }: EventBatch): Promise<void> {
    const changes = changesOf(events);
    this.recent.add(changes);
    const byWorkspace = new Map<string, Listener[]>();
    for (const listener of this.listeners) {
      byWorkspace.set(listener.workspaceId, [...(byWorkspace.get(listener.workspaceId) ?? []), listener]);
    }
    for (const [workspaceId, listeners] of byWorkspace) {
      const changed = changedIn(changes, workspaceId);
      if (changed.users.size === 0 && !changed.name) continue;
      // Whoever was put out is told nothing of it, and nothing more.
      const concerned = listeners.filter(({ caller }) => changed.users.has(caller.userId));
      await Promise.all(concerned.map((listener) => this.listeners.check(listener)));
      await this.tell(workspaceId, changed, listeners, position);
    }
  }

  private async tell(
    workspaceId: string,
    changed: Changed,
    listeners: readonly Listener[],
    position: Position,
  ): Promise<void> {
    let frames: Frame[] | undefined;
    try {
      if (changed.users.size <= MOST_AT_ONCE) frames = await framesOf(workspaceId, changed, this.dependencies);
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
    const { signal } = this.log;
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
}
