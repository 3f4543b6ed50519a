import { sql } from 'kysely';

import { type EventStore, type Position, START } from '../event-store/event-store.js';
import { moveCheckpoint, readCheckpoint, VersionMismatch } from '../projecting/checkpoint.js';
import { type Piece, writePiece } from '../projecting/pieces.js';
import { PoisonEvent } from '../projecting/poison-event.js';
import type { Projection } from '../projecting/projection.js';
import { isOfTheEvent } from '../projecting/row-failure.js';
import { livePosition } from './live-position.js';
import { Pace } from './pace.js';
import { readUpTo } from './read-up-to.js';
import { SetAside } from './set-aside.js';
import { type AnyDatabase, checkpointOf, inSlot, makeKeys, type Slot } from './slot.js';
import { withTidyHeap } from './tidy-heap.js';
import { type FoldedPart, WriteBack, type WriteBackLimits } from './write-back.js';

/**
 * How many events are folded before others get a turn. What is read and not yet folded is moved about by the sweeping of young objects:
 * with a thousand at once, a third more work in all.
 */
const FOLDED_PIECE = 500;

/**
 * How many events a projection is given at once that does not fold rows in memory. Large enough that most rows are written once
 * instead of once for each of their events.
 */
const APPLIED_PIECE = 10_000;

export interface BuildOptions {
  readonly db: AnyDatabase;
  readonly store: EventStore;
  readonly projection: Projection;
  readonly slot: Slot;
  readonly pieceSize?: number;
  readonly limits?: Partial<WriteBackLimits>;
  /** Ends the building after the piece under way. */
  readonly signal: AbortSignal;
  /** Told after each piece how many events it held; fewer than none where some have to be dealt with once more. */
  readonly onPiece?: (events: number, position: Position) => void;
}

/** Brings the tables of a slot forward through the log: rows, checkpoint and progress in one transaction each time. */
export class Build {
  private readonly db: AnyDatabase;
  private readonly name: string;
  private since = performance.now();
  /** How many events were folded that are not committed. */
  private uncommitted = 0;

  constructor(private readonly options: BuildOptions) {
    this.db = inSlot(options.db, options.projection, options.slot);
    this.name = checkpointOf(options.projection, options.slot);
  }

  /**
   * Builds on from where the slot stands, however the last attempt ended.
   *
   * @param upTo where the live tables stand
   * @returns whether it got there; false where `signal` aborted
   * @throws PoisonEvent, and what is before that event has been built
   * @throws LeadershipLost when another instance builds the same slot
   * @throws ForeignPosition when the log ends before `upTo`
   */
  async upTo(upTo: Position): Promise<boolean> {
    const { projection, slot } = this.options;
    const aside = await SetAside.read(this.db, projection, slot);
    await sql`update following.builds set target = ${upTo} where checkpoint = ${this.name}`.execute(this.db);
    this.since = performance.now();
    this.uncommitted = 0;
    if (projection.fold && !aside.parks) {
      try {
        return await withTidyHeap((holds) => this.foldUpTo(upTo, aside, holds));
      } catch (error) {
        if (!isOfTheEvent(error)) throw error;
        // Which event it is, is found by writing piece by piece what was not committed.
        this.options.onPiece?.(-this.uncommitted, await this.position());
      }
    }
    return this.applyUpTo(upTo, aside);
  }

  private async foldUpTo(upTo: Position, aside: SetAside, holds: (much: boolean) => void): Promise<boolean> {
    const { db, projection, slot, signal, limits = {}, onPiece } = this.options;
    const after = await this.position();
    if (after !== START) await this.makeKeys();
    const writeBack = new WriteBack({
      db: this.db,
      projection,
      slot,
      aside,
      after,
      limits,
      onCommit: async (tx, part) => {
        await this.moveOn(tx, part);
        this.uncommitted -= part.events;
      },
    });
    const pace = new Pace({ livePosition: () => livePosition(db, projection), signal });
    try {
      for await (const piece of this.pieces(after, upTo, FOLDED_PIECE)) {
        if (signal.aborted) break;
        this.uncommitted += piece.events.length;
        await writeBack.fold(piece);
        holds(writeBack.holdsMuch);
        onPiece?.(piece.events.length, piece.position);
        if (piece.position < upTo) writeBack.rested(await pace.rest());
      }
      await writeBack.commit();
      return writeBack.position >= upTo;
    } catch (error) {
      await writeBack.abandon();
      throw error;
    }
  }

  private async applyUpTo(upTo: Position, aside: SetAside): Promise<boolean> {
    const { projection, signal } = this.options;
    let from = await this.position();
    await this.makeKeys();
    for await (const piece of this.pieces(from, upTo, APPLIED_PIECE)) {
      if (signal.aborted) return false;
      await writePiece(piece, from, {
        write: (part, start) => this.write(part, start, aside),
        fails: async (event, error) => {
          throw await this.noted(new PoisonEvent(projection.name, event, error));
        },
      });
      from = piece.position;
    }
    return from >= upTo;
  }

  private pieces(after: Position, upTo: Position, usualSize: number) {
    const { store, projection, signal, pieceSize = usualSize } = this.options;
    const { streamPrefixes } = projection;
    return readUpTo(store, { after, upTo, streamPrefixes, size: pieceSize, signal });
  }

  private async makeKeys(): Promise<void> {
    const { projection, slot } = this.options;
    await this.db.transaction().execute((tx) => makeKeys(tx, projection, slot));
  }

  /** @throws VersionMismatch when the slot was begun by another version of the projection */
  async position(): Promise<Position> {
    const { projection, slot } = this.options;
    const checkpoint = await readCheckpoint(this.db, this.name);
    if (!checkpoint) throw new Error(`there are no ${slot} tables of ${projection.name}`);
    if (checkpoint.version !== projection.version) {
      throw new VersionMismatch(
        `the ${slot} tables of ${projection.name} are of version ${checkpoint.version}, this program has version ` +
          `${projection.version}: use the program they were made by, or drop them`,
      );
    }
    return checkpoint.position;
  }

  private async write({ events, position: to }: Piece, from: Position, aside: SetAside): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await aside.apply(tx, events);
      await this.moveOn(tx, { from, to, events: events.length, last: events.at(-1) });
    });
    this.options.onPiece?.(events.length, to);
  }

  /** Notes how far the tables are, in the transaction that brings them there. */
  private async moveOn(tx: AnyDatabase, { from, to, events, last }: FoldedPart): Promise<void> {
    await moveCheckpoint(tx, this.name, from, to, { witness: last });
    const busy = Math.round(performance.now() - this.since);
    await sql`
      update following.builds set events = events + ${events}, busy_ms = busy_ms + ${busy}, failure = null,
        updated_at = now()
      where checkpoint = ${this.name}`.execute(tx);
    this.since = performance.now();
  }

  private async noted(error: PoisonEvent): Promise<PoisonEvent> {
    await sql`
      update following.builds set failure = ${JSON.stringify(error.poison)}, updated_at = now()
      where checkpoint = ${this.name}`.execute(this.db);
    return error;
  }
}
