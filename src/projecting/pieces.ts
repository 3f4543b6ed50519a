import type { Position, RecordedEvent } from '../event-store/event-store.js';
import { isOfTheEvent } from './row-failure.js';

/** A part of the log. `position` is a checkpoint, as that of a batch is. */
export interface Piece {
  readonly events: readonly RecordedEvent[];
  readonly position: Position;
}

export interface PieceWriter {
  /** Writes a piece and moves the checkpoint from `from` to its position, in one transaction. */
  write(piece: Piece, from: Position): Promise<void>;
  /** Told of the event that alone fails; where it returns, what follows is written. */
  fails(event: RecordedEvent, error: unknown, from: Position, to: Position): Promise<void>;
}

/**
 * Writes a piece. One that fails is cut in two until the event is found that it fails at, each part in a transaction of its
 * own: what is before the event has been written by then.
 *
 * @throws whatever is no event's fault
 */
export async function writePiece(piece: Piece, from: Position, writer: PieceWriter): Promise<void> {
  const { events, position } = piece;
  try {
    await writer.write(piece, from);
  } catch (error) {
    const [only] = events;
    if (!only || !isOfTheEvent(error)) throw error;
    if (events.length === 1) return writer.fails(only, error, from, position);
    const middle = events.length >> 1;
    const half = events[middle - 1]?.position ?? from;
    await writePiece({ events: events.slice(0, middle), position: half }, from, writer);
    await writePiece({ events: events.slice(middle), position }, half, writer);
  }
}
