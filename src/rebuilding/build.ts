import { sql } from 'kysely';

import type { EventStore, Position } from '../event-store/event-store.js';
import { moveCheckpoint, readCheckpoint, VersionMismatch } from '../projecting/checkpoint.js';
import { type Piece, writePiece } from '../projecting/pieces.js';
import { PoisonEvent } from '../projecting/poison-event.js';
import type { Projection } from '../projecting/projection.js';
import { readAhead, readUpTo } from './read-up-to.js';
import { SetAside } from './set-aside.js';
import { type AnyDatabase, checkpointOf, inSlot, type Slot } from './slot.js';

/**
 * How many events are folded in memory and written at once. Twice as many are held: the next piece is read meanwhile.
 * Large enough that most rows are written once instead of once for each of their events.
 */
const PIECE = 10_000;

export interface BuildOptions {
  readonly db: AnyDatabase;
  readonly store: EventStore;
  readonly projection: Projection;
  readonly slot: Slot;
  readonly pieceSize?: number;
  /** Ends the building after the piece under way. */
  readonly signal: AbortSignal;
  /** Told after each piece how many events it held. */
  readonly onPiece?: (events: number, position: Position) => void;
}

/** Brings the tables of a slot forward through the log: rows, checkpoint and progress in one transaction each time. */
export class Build {
  private readonly db: AnyDatabase;
  private readonly name: string;
  private since = performance.now();

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
    const { store, projection, slot, signal, pieceSize = projection.pieceSize ?? PIECE } = this.options;
    const after = await this.position();
    const aside = await SetAside.read(this.db, projection, slot);
    await sql`update following.builds set target = ${upTo} where checkpoint = ${this.name}`.execute(this.db);
    const range = { after, upTo, streamPrefixes: projection.streamPrefixes, size: pieceSize, signal };
    this.since = performance.now();
    let from = after;
    for await (const piece of readAhead(readUpTo(store, range))) {
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

  private async write({ events, position }: Piece, from: Position, aside: SetAside): Promise<void> {
    const { onPiece } = this.options;
    await this.db.transaction().execute(async (tx) => {
      await aside.apply(tx, events);
      await moveCheckpoint(tx, this.name, from, position, { witness: events.at(-1) });
      const busy = Math.round(performance.now() - this.since);
      await sql`
        update following.builds set events = events + ${events.length}, busy_ms = busy_ms + ${busy}, failure = null,
          updated_at = now()
        where checkpoint = ${this.name}`.execute(tx);
    });
    this.since = performance.now();
    onPiece?.(events.length, position);
  }

  private async noted(error: PoisonEvent): Promise<PoisonEvent> {
    await sql`
      update following.builds set failure = ${JSON.stringify(error.poison)}, updated_at = now()
      where checkpoint = ${this.name}`.execute(this.db);
    return error;
  }
}
