import { sql } from 'kysely';

import type { EventStore } from '../event-store/event-store.js';
import { readCheckpoint, VersionMismatch } from '../projecting/checkpoint.js';
import type { Projection } from '../projecting/projection.js';
import { requireSameLog } from '../projecting/same-log.js';
import { buildAndCompare, eventsOf } from './build-and-compare.js';
import type { Comparison } from './compare.js';
import { type Act, type Decision, type JournalEntry, readJournal, record } from './journal.js';
import {
  type Retried,
  readSkipped,
  retryStreams,
  type SkippedEvent,
  skipFirst,
  streamsToRetry,
  withdrawSkip,
} from './parked-events.js';
import { type AnyDatabase, checkpointOf, dropSlot, makeSlot, type Slot } from './slot.js';
import { type Progress, type ProjectionStanding, progressAt, readStandings } from './standing.js';
import { type SwitchOptions, switchTables } from './switch.js';
import { alone } from './work-lock.js';
import type { WriteBackLimits } from './write-back.js';

/** What was asked for cannot be done as things stand; the message says what to do first. */
export class OperationRefused extends Error {
  override readonly name = 'OperationRefused';

  constructor(
    readonly code:
      | 'unknown-projection'
      | 'nothing-built'
      | 'nothing-previous'
      | 'previous-exists'
      | 'tables-differ'
      | 'nothing-parked'
      | 'rebuilt-with-event'
      | 'nothing-checked'
      | 'not-skipped'
      | 'rebuilt-without-event',
    message: string,
    /** What differs, where that is the reason. */
    readonly comparison?: Comparison,
  ) {
    super(message);
  }
}

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

export interface WorkOptions extends Decision {
  /** Stops the work after the piece under way; what has been built stays, and the same call goes on from there. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface RebuildOptions extends WorkOptions {
  /** Throws away what was built so far instead of going on with it. */
  readonly restart?: boolean;
  /** Switches when it has caught up. */
  readonly switch?: boolean;
  readonly switchOnDifference?: boolean;
}

export interface SwitchRequest extends WorkOptions {
  readonly switchOnDifference?: boolean;
}

export interface RetryRequest extends WorkOptions {
  /** The only stream to retry; all that are parked where it is absent. */
  readonly stream?: string;
}

export interface SkipRequest extends WorkOptions {
  readonly stream: string;
  /** Why the event is not needed, in words for whoever reads it in a year. */
  readonly reason: string;
  /** Who decides so. */
  readonly by: string;
}

export interface WithdrawRequest extends WorkOptions {
  /** The id of the event. */
  readonly event: string;
  readonly reason: string;
  readonly by: string;
}

/** An event that was skipped, and what came of those behind it. */
export interface Skipped {
  readonly skipped: SkippedEvent;
  readonly retried: Retried;
}

/**
 * What came of an upgrade. `newer`: the live tables, or those being built, are of a later version than the program's.
 * `gone-back`: somebody has put tables of an older version in the place of the program's, on purpose.
 */
export type Upgrade = Outcome | { readonly state: 'up-to-date' | 'newer' | 'gone-back' };

/** What came of a rebuild or a switch. */
export type Outcome =
  | { readonly state: 'interrupted' }
  | { readonly state: 'built' | 'switched'; readonly comparison: Comparison };

/**
 * What operators do with projections while everything goes on. One piece of work at a time on each projection, across
 * instances (`WorkUnderWay`). Nothing here has an effect but on tables: no mail, no job.
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
   * @throws PoisonEvent, VersionMismatch, WorkUnderWay, ForeignPosition
   */
  async rebuild(name: string, options: RebuildOptions): Promise<Outcome> {
    return this.alone(name, options, async (projection, signal) => {
      if (options.switch) await this.requireNoPrevious(projection);
      if (options.restart) await dropSlot(this.options.db, projection, 'next', options);
      await makeSlot(this.options.db, projection, 'next');
      const comparison = await this.buildAndCompare(projection, 'next', { ...options, signal });
      if (!comparison) return { state: 'interrupted' };
      if (!options.switch) return { state: 'built', comparison };
      return this.switchOver(projection, comparison, { ...options, signal });
    });
  }

  /**
   * Puts what was rebuilt in place of the live tables, once it has caught up and been compared again.
   *
   * @throws OperationRefused, PoisonEvent, VersionMismatch, WorkUnderWay, SwitchTimedOut
   */
  async switch(name: string, options: SwitchRequest): Promise<Outcome> {
    return this.alone(name, options, async (projection, signal) => {
      await this.require(projection, 'next', 'nothing-built', `rebuild ${name} first`);
      await this.requireNoPrevious(projection);
      const comparison = await this.buildAndCompare(projection, 'next', { ...options, signal });
      if (!comparison) return { state: 'interrupted' };
      return this.switchOver(projection, comparison, { ...options, signal });
    });
  }

  /**
   * Puts the previous tables in place again, once they have caught up; the ones that were live become the previous. Whether
   * they differ does not matter: that they do is why one goes back.
   *
   * @throws OperationRefused, PoisonEvent, VersionMismatch when another version of the program made them, WorkUnderWay
   */
  async switchBack(name: string, options: WorkOptions): Promise<Outcome> {
    return this.alone(name, options, async (projection, signal) => {
      await this.require(
        projection,
        'previous',
        'nothing-previous',
        `${name} has not been switched, or they were dropped`,
      );
      const comparison = await this.buildAndCompare(projection, 'previous', { ...options, signal });
      if (!comparison) return { state: 'interrupted' };
      await this.switchTables(projection, 'previous', 'switched-back', { ...options, signal });
      return { state: 'switched', comparison };
    });
  }

  /**
   * Replaces live tables of an older version by those of the program's, built beside them. Does nothing where they are of its
   * version or a later one. The tables of before become the previous; what was previous until then is of an older version still,
   * and is dropped just before.
   *
   * @throws PoisonEvent, WorkUnderWay, SwitchTimedOut, ForeignPosition
   */
  async upgrade(name: string, options: WorkOptions): Promise<Upgrade> {
    const { db } = this.options;
    const reason = await this.whyNotUpgrade(this.find(name));
    if (reason) return { state: reason };
    return this.alone(name, options, async (projection, signal): Promise<Upgrade> => {
      const since = await this.whyNotUpgrade(projection);
      if (since) return { state: since };
      const begun = await readCheckpoint(db, checkpointOf(projection, 'next'));
      if (begun && begun.version < projection.version) await dropSlot(db, projection, 'next');
      await makeSlot(db, projection, 'next');
      const comparison = await this.buildAndCompare(projection, 'next', { ...options, signal });
      if (!comparison) return { state: 'interrupted' };
      await dropSlot(db, projection, 'previous', options);
      await this.switchTables(projection, 'next', 'upgraded', { ...options, signal });
      return { state: 'switched', comparison };
    });
  }

  /**
   * Compares the live tables with a fresh fold of the log, which is made beside them and removed again.
   *
   * @returns undefined where it was interrupted
   * @throws PoisonEvent, VersionMismatch, WorkUnderWay, ForeignPosition
   */
  async verify(name: string, options: WorkOptions): Promise<Comparison | undefined> {
    const { db } = this.options;
    return this.alone(name, options, async (projection, signal) => {
      const live = (await this.list()).find((each) => each.name === name);
      if (live && live.version !== projection.version) {
        throw new VersionMismatch(
          `the live tables of ${name} are of version ${live.version}, this program has version ${projection.version}: ` +
            'verify them with the program that keeps them',
        );
      }
      await dropSlot(db, projection, 'check');
      await makeSlot(db, projection, 'check');
      try {
        return await this.buildAndCompare(projection, 'check', { ...options, signal });
      } finally {
        await dropSlot(db, projection, 'check');
      }
    });
  }

  /**
   * Removes tables that are not live. Those of `check` are there only where a proof was killed.
   *
   * @throws OperationRefused when there are none; WorkUnderWay
   */
  async drop(name: string, slot: Slot, options: WorkOptions): Promise<void> {
    await this.withLock(name, options, async (projection) => {
      if (await dropSlot(this.options.db, projection, slot, options)) return;
      throw new OperationRefused(NOTHING_THERE[slot], `there are no ${slot} tables of ${name}`);
    });
  }

  /** Stops a projection in every instance after the batch under way, until it is resumed. @returns whether it went on before */
  pause(name: string, decision: Decision = {}): Promise<boolean> {
    return this.setPaused(name, true, decision);
  }

  /** Lets a paused projection go on from its checkpoint. @returns whether it was paused */
  resume(name: string, decision: Decision = {}): Promise<boolean> {
    return this.setPaused(name, false, decision);
  }

  private async setPaused(name: string, paused: boolean, decision: Decision): Promise<boolean> {
    this.find(name);
    return this.options.db.transaction().execute(async (tx) => {
      const { rows } = await sql`
        update following.checkpoints set paused_at = case when ${paused}::boolean then now() end
        where name = ${name} and (paused_at is null) = ${paused}::boolean returning 1`.execute(tx);
      if (rows.length > 0) await record(tx, name, paused ? 'paused' : 'resumed', decision);
      return rows.length > 0;
    });
  }

  /**
   * Projects what is parked, each stream in order, once what failed at it has been mended. What fails again is recorded, and holds
   * up no other stream. The live follower waits for the moments that this takes.
   *
   * @throws OperationRefused `nothing-parked`; WorkUnderWay, VersionMismatch, ProjectionPaused, ForeignPosition
   */
  async retry(name: string, options: RetryRequest): Promise<Retried> {
    const { db, store } = this.options;
    return this.alone(name, options, async (projection, signal) => {
      const streams = await streamsToRetry(db, projection, options.stream);
      if (streams.length === 0) throw nothingParked(name, options.stream);
      return retryStreams({ db, store, projection, signal }, streams);
    });
  }

  /**
   * Leaves out the first parked event of a stream for good, here and in every rebuild, and projects what waits behind it.
   *
   * @throws OperationRefused `nothing-parked`, `rebuilt-with-event`; and what `retry` throws
   */
  async skip(name: string, options: SkipRequest): Promise<Skipped> {
    const { db, store } = this.options;
    const { stream } = options;
    return this.alone(name, options, async (projection, signal) => {
      const work = { db, store, projection, signal };
      await this.requireNotRebuiltWith(projection, stream);
      const skipped = await skipFirst(work, stream, options);
      if (!skipped) throw nothingParked(name, stream);
      return { skipped, retried: await retryStreams(work, [stream]) };
    });
  }

  /**
   * Takes back that an event was skipped. The live tables stay as they are: the event is in them once they have been rebuilt.
   *
   * @throws OperationRefused `not-skipped`, `rebuilt-without-event`; WorkUnderWay
   */
  async withdrawSkip(name: string, options: WithdrawRequest): Promise<SkippedEvent> {
    return this.alone(name, options, async (projection) => {
      const { db } = this.options;
      const skipped = (await readSkipped(db, name)).find(({ id }) => id === options.event);
      if (!skipped) throw new OperationRefused('not-skipped', `event ${options.event} of ${name} was not skipped`);
      const built = await readCheckpoint(db, checkpointOf(projection, 'next'));
      if (built && built.position >= skipped.position) {
        throw new OperationRefused(
          'rebuilt-without-event',
          `${name} is being rebuilt without this event; drop what is being built first: projections drop ${name} --next`,
        );
      }
      await withdrawSkip(db, name, skipped, options);
      return skipped;
    });
  }

  /** What was done with a projection, by whom and why, the newest first. */
  async journal(name: string, limit: number): Promise<JournalEntry[]> {
    this.find(name);
    return readJournal(this.options.db, name, limit);
  }

  /** What was skipped of a projection, the newest first. */
  async skipped(name: string): Promise<SkippedEvent[]> {
    this.find(name);
    return readSkipped(this.options.db, name);
  }

  private find(name: string): Projection {
    const { projections } = this.options;
    const projection = projections.find((each) => each.name === name);
    if (projection) return projection;
    const known = projections.map((each) => each.name).join(', ');
    throw new OperationRefused('unknown-projection', `there is no projection ${name}; there are: ${known}`);
  }

  private async whyNotUpgrade(projection: Projection): Promise<'up-to-date' | 'newer' | 'gone-back' | undefined> {
    const { db } = this.options;
    const versionOf = async (checkpoint: string) => (await readCheckpoint(db, checkpoint))?.version ?? 0;
    const live = await versionOf(projection.name);
    if (live === projection.version) return 'up-to-date';
    if (live > projection.version) return 'newer';
    if ((await versionOf(checkpointOf(projection, 'next'))) > projection.version) return 'newer';
    if ((await versionOf(checkpointOf(projection, 'previous'))) >= projection.version) return 'gone-back';
    return undefined;
  }

  /** Does work that only makes sense on the log that the live tables were made from. */
  private alone<T>(
    name: string,
    options: WorkOptions,
    work: (projection: Projection, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.withLock(name, options, async (projection, signal) => {
      await this.requireSameLog(projection);
      return work(projection, signal);
    });
  }

  private withLock<T>(
    name: string,
    { signal }: WorkOptions,
    work: (projection: Projection, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const projection = this.find(name);
    return alone(this.options.connectionString, name, signal, (stillAlone) => work(projection, stillAlone));
  }

  private async buildAndCompare(
    projection: Projection,
    slot: Slot,
    work: WorkOptions,
  ): Promise<Comparison | undefined> {
    await this.requireSameLog(projection, checkpointOf(projection, slot));
    return buildAndCompare(this.options, projection, slot, work);
  }

  /** Neither the live tables nor those that are to be compared with them may tell of another log. */
  private async requireSameLog({ name }: Projection, checkpoint = name): Promise<void> {
    const { db, store } = this.options;
    const place = await readCheckpoint(db, checkpoint);
    if (place) await requireSameLog(store, place);
  }

  private async switchOver(projection: Projection, comparison: Comparison, options: SwitchRequest): Promise<Outcome> {
    if (!comparison.equal && !options.switchOnDifference) {
      throw new OperationRefused(
        'tables-differ',
        `the rebuilt tables of ${projection.name} differ from the live ones; nothing was switched. ` +
          'If that is what you want (a new version, a bug mended), switch with --switch-on-difference.',
        comparison,
      );
    }
    await this.switchTables(projection, 'next', 'switched', options);
    return { state: 'switched', comparison };
  }

  private async switchTables(
    projection: Projection,
    slot: SwitchOptions['slot'],
    act: Act,
    { signal, onProgress, ...decision }: WorkOptions,
  ): Promise<void> {
    const { db, store } = this.options;
    onProgress?.(progressAt('switching', await eventsOf(db, projection, slot)));
    await switchTables({ db, store, projection, slot, signal, act, decision });
  }

  private async require(
    projection: Projection,
    slot: Slot,
    code: OperationRefused['code'],
    what: string,
  ): Promise<void> {
    if (await this.has(projection, slot)) return;
    throw new OperationRefused(code, `there are no ${slot} tables of ${projection.name}: ${what}`);
  }

  private async requireNoPrevious(projection: Projection): Promise<void> {
    if (!(await this.has(projection, 'previous'))) return;
    throw new OperationRefused(
      'previous-exists',
      `${projection.name} still has the tables of before its last switch; drop them first: ` +
        `projections drop ${projection.name} --previous`,
    );
  }

  /** Tables that are built with an event could not equal live ones that are to do without it. */
  private async requireNotRebuiltWith(projection: Projection, stream: string): Promise<void> {
    const { rows } = await sql`
      select 1 from following.checkpoints b join following.parked_events p on p.position <= b.position
      where b.name = ${checkpointOf(projection, 'next')} and p.checkpoint = ${projection.name} and p.stream = ${stream}
      limit 1`.execute(this.options.db);
    if (rows.length === 0) return;
    throw new OperationRefused(
      'rebuilt-with-event',
      `${projection.name} is being rebuilt and could deal with this event: retry it, or drop what is being built first: ` +
        `projections drop ${projection.name} --next`,
    );
  }

  private async has(projection: Projection, slot: Slot): Promise<boolean> {
    const { rows } = await sql`
      select 1 from following.checkpoints where name = ${checkpointOf(projection, slot)}`.execute(this.options.db);
    return rows.length > 0;
  }
}

const NOTHING_THERE = {
  next: 'nothing-built',
  previous: 'nothing-previous',
  check: 'nothing-checked',
} as const satisfies Record<Slot, OperationRefused['code']>;

function nothingParked(name: string, stream: string | undefined): OperationRefused {
  return new OperationRefused('nothing-parked', `nothing of ${stream ?? name} is parked`);
}
