import { factsOf, WORKSPACE_HISTORY } from '../../../projections/audit-history/facts.js';
import type { EventBatch, Position } from '../../event-store/event-store.js';
import type { Caller } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import type { EventStream } from './event-stream.js';
import { Listeners } from './listeners.js';
import type { OpenStreams } from './open-streams.js';
import { ShownLog } from './shown-log.js';

/**
 * Tells those who look at an audit history that it has more records, and not which: each asks in a language of their own, for what
 * they have filtered.
 */
export class HistoryFeed {
  private readonly listeners: Listeners;
  private readonly log: ShownLog;

  /** @param requireReader throws unless a caller may read the history of a workspace */
  constructor(
    dependencies: HttpDependencies,
    streams: OpenStreams,
    requireReader: (workspaceId: string, caller: Caller) => Promise<void>,
  ) {
    this.listeners = new Listeners(streams, requireReader);
    const reader = {
      projection: 'audit-history' as const,
      streamPrefixes: WORKSPACE_HISTORY,
      begin: () => {},
      tell: (batch: EventBatch) => this.tell(batch),
      lose: () => this.listeners.lose(),
    };
    this.log = new ShownLog(reader, dependencies);
  }

  /**
   * That there is more in a workspace's history from now on, or since a position. The caller's right to it has been checked, and is
   * watched from here.
   *
   * @throws Problem `too-many-requests`
   */
  open(workspaceId: string, caller: Caller, after: Position | undefined): EventStream {
    return this.listeners.open(
      workspaceId,
      caller,
      () => this.log.follow(),
      async (stream) => {
        const { position } = this.log;
        // What happened since, and where, is not remembered: whoever may have missed something looks.
        stream.open(after === undefined || after === position ? [] : undefined, position);
      },
    );
  }

  close(): void {
    this.log.close();
  }

  private async tell({ events, position }: EventBatch): Promise<void> {
    if (this.listeners.size === 0) return;
    const concerned = new Map<string, Set<string | null>>();
    for (const event of events) {
      const { workspaceId, subject } = factsOf(event) ?? {};
      if (workspaceId === undefined) continue;
      concerned.set(workspaceId, (concerned.get(workspaceId) ?? new Set()).add(subject ?? null));
    }
    const told = [...this.listeners].filter(({ workspaceId }) => concerned.has(workspaceId));
    // Whoever may not read it any more is told nothing of it, and nothing more.
    const changed = told.filter(({ workspaceId, caller }) => concerned.get(workspaceId)?.has(caller.userId));
    await Promise.all(changed.map((listener) => this.listeners.check(listener)));
    for (const { stream } of told) stream.reload(position);
  }
}
