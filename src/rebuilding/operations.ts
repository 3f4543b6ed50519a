import type { EventStore } from '../event-store/event-store.js';
import type { Projection } from '../projecting/projection.js';
import type { Comparison } from './compare.js';
import { type Decision, type JournalEntry, readJournal } from './journal.js';
import { OperationRefused } from './operation-refused.js';
import { setPaused } from './pause.js';
import {
  drop,
  type Outcome,
  type RebuildRequest,
  rebuild,
  type SwitchRequest,
  switchBack,
  switchToBuilt,
  verify,
} from './rebuild.js';
import type { Retried } from './replay.js';
import { retry } from './retry.js';
import { type AccountedDecision, type Skipped, skip, withdrawSkip } from './skip.js';
import { readSkipped, type SkippedEvent } from './skipped-events.js';
import type { AnyDatabase, Slot } from './slot.js';
import { type ProjectionStanding, readStandings } from './standing.js';
import { type NoUpgrade, type Upgrade, upgrade, whyNotUpgrade } from './upgrade.js';
import { type ProjectionWork, requireLogOf, type WorkOptions } from './work.js';
import { alone, requireNobodyAtWork } from './work-lock.js';
import type { WriteBackLimits } from './write-back.js';

export interface OperationsOptions {
  readonly db: AnyDatabase;
  readonly connectionString: string;
  readonly store: EventStore;
  readonly projections: readonly Projection[];
  /** How many events are dealt with at once. */
  readonly pieceSize?: number;
  /** When rows that were folded in memory are written. */
  readonly limits?: Partial<WriteBackLimits>;
}

/** What builds tables from the log, and so may take minutes. */
export type Building = Pick<ProjectionOperations, 'rebuild' | 'switch' | 'switchBack' | 'upgrade' | 'verify'>;

/**
 * What operators do with projections while everything goes on. One piece of work at a time on each projection, across
 * instances (`WorkUnderWay`), and only on the log that its live tables were made from (`ForeignPosition`). Nothing here has an
 * effect but on tables: no mail, no job.
 */
export class ProjectionOperations {
  constructor(private readonly options: OperationsOptions) {}

  list(): Promise<ProjectionStanding[]> {
    const { db, store, projections } = this.options;
    return readStandings(db, store, projections);
  }

  /**
   * Builds a projection anew beside the live tables, compares, and switches where that is asked for. Goes on from where an
   * earlier rebuild was cut off.
   *
   * @throws OperationRefused `tables-differ` when it was to switch and may not on a difference; what is built stays
   * @throws PoisonEvent, VersionMismatch, SwitchTimedOut
   */
  rebuild(name: string, request: RebuildRequest & WorkOptions): Promise<Outcome> {
    return this.alone(name, request, (work) => rebuild(work, request));
  }

  /**
   * Puts what was rebuilt in place of the live tables, once it has caught up and been compared again.
   *
   * @throws OperationRefused, PoisonEvent, VersionMismatch, SwitchTimedOut
   */
  switch(name: string, request: SwitchRequest & WorkOptions): Promise<Outcome> {
    return this.alone(name, request, (work) => switchToBuilt(work, request));
  }

  /**
   * Puts the previous tables in place again, once they have caught up; the ones that were live become the previous. Whether
   * they differ does not matter: that they do is why one goes back.
   *
   * @throws OperationRefused, PoisonEvent, SwitchTimedOut; VersionMismatch when another version of the program made them
   */
  switchBack(name: string, options: WorkOptions): Promise<Outcome> {
    return this.alone(name, options, switchBack);
  }

  /**
   * Replaces live tables of an older version by those of the program's, built beside them. Does nothing where they are of its
   * version or a later one.
   *
   * @throws PoisonEvent, SwitchTimedOut
   */
  async upgrade(name: string, options: WorkOptions): Promise<Upgrade> {
    // Whoever has nothing to do does not need to be alone for it.
    const reason = await this.whyNotUpgrade(name);
    return reason ? { state: reason } : this.alone(name, options, upgrade);
  }

  /** @returns undefined where there is something to upgrade */
  async whyNotUpgrade(name: string): Promise<NoUpgrade | undefined> {
    return whyNotUpgrade(this.options.db, this.find(name));
  }

  /** @throws WorkUnderWay when somebody works on the projection */
  async requireNobodyAtWork(name: string): Promise<void> {
    await requireNobodyAtWork(this.options.db, this.find(name).name);
  }

  /**
   * Compares the live tables with a fresh fold of the log, which is made beside them and removed again.
   *
   * @returns undefined where it was interrupted
   * @throws PoisonEvent, VersionMismatch
   */
  verify(name: string, options: WorkOptions): Promise<Comparison | undefined> {
    return this.alone(name, options, verify);
  }

  /**
   * Removes tables that are not live, whichever log they are from. Those of `check` are there only where a proof was killed.
   *
   * @throws OperationRefused when there are none
   */
  drop(name: string, slot: Slot, options: WorkOptions): Promise<void> {
    return this.withLock(name, options, (work) => drop(work, slot));
  }

  /** Stops a projection in every instance after the batch under way, until it is resumed. @returns whether it went on before */
  async pause(name: string, decision: Decision = {}): Promise<boolean> {
    return setPaused(this.options.db, this.find(name).name, true, decision);
  }

  /** Lets a paused projection go on from its checkpoint. @returns whether it was paused */
  async resume(name: string, decision: Decision = {}): Promise<boolean> {
    return setPaused(this.options.db, this.find(name).name, false, decision);
  }

  /**
   * Projects what is parked, each stream in order, once what failed at it has been mended. What fails again is recorded, and holds
   * up no other stream. The live follower waits for the moments that this takes.
   *
   * @param options.stream the only one to retry; all that are parked where it is absent
   * @throws OperationRefused `nothing-parked`; VersionMismatch, ProjectionPaused
   */
  retry(name: string, options: WorkOptions & { readonly stream?: string }): Promise<Retried> {
    return this.alone(name, options, (work) => retry(work, options.stream));
  }

  /**
   * Leaves out the first parked event of a stream for good, here and in every rebuild, and projects what waits behind it.
   *
   * @throws OperationRefused `nothing-parked`, `rebuilt-with-event`; and what `retry` throws
   */
  skip(name: string, options: WorkOptions & AccountedDecision & { readonly stream: string }): Promise<Skipped> {
    return this.alone(name, options, (work) => skip(work, options.stream, options));
  }

  /**
   * Takes back that an event was skipped. The live tables stay as they are: the event is in them once they have been rebuilt.
   *
   * @param options.event its id
   * @throws OperationRefused `not-skipped`, `rebuilt-without-event`
   */
  withdrawSkip(
    name: string,
    options: WorkOptions & AccountedDecision & { readonly event: string },
  ): Promise<SkippedEvent> {
    return this.alone(name, options, (work) => withdrawSkip(work, options.event, options));
  }

  /** What was skipped of a projection, the newest first. */
  async skipped(name: string): Promise<SkippedEvent[]> {
    return readSkipped(this.options.db, this.find(name).name);
  }

  /** What was done with a projection, by whom and why, the newest first. */
  async journal(name: string, limit: number): Promise<JournalEntry[]> {
    return readJournal(this.options.db, this.find(name).name, limit);
  }

  private find(name: string): Projection {
    const { projections } = this.options;
    const projection = projections.find((each) => each.name === name);
    if (projection) return projection;
    const known = projections.map((each) => each.name).join(', ');
    throw new OperationRefused('unknown-projection', `there is no projection ${name}; there are: ${known}`);
  }

  /** Does work that only makes sense on the log that the live tables were made from. */
  private alone<T>(name: string, options: WorkOptions, action: (work: ProjectionWork) => Promise<T>): Promise<T> {
    return this.withLock(name, options, async (work) => {
      await requireLogOf(work, name);
      return action(work);
    });
  }

  private async withLock<T>(
    name: string,
    { signal, onProgress, by, reason }: WorkOptions,
    action: (work: ProjectionWork) => Promise<T>,
  ): Promise<T> {
    const { connectionString, projections: _, ...stores } = this.options;
    const projection = this.find(name);
    const decision = { ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) };
    const watching = onProgress ? { onProgress } : {};
    return alone(connectionString, name, signal, (stillAlone) =>
      action({ ...stores, projection, decision, signal: stillAlone, ...watching }),
    );
  }
}
