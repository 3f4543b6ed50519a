import { ForeignPosition, type Position, START } from '../event-store.js';

/** Wide enough for every number that JavaScript counts exactly. */
const DIGITS = 16;
const TEXT = /^[0-9]{16}$/;

/** Positions count the events of the log from 1; 0 stands before the first. */
export function toPosition(count: number): Position {
  return count === 0 ? START : (String(count).padStart(DIGITS, '0') as Position);
}

/** @throws ForeignPosition when the text is no position of a Postgres log */
export function parsePosition(position: Position): number {
  if (position === START) return 0;
  if (!TEXT.test(position)) throw new ForeignPosition(`${JSON.stringify(position)} is no position of a Postgres log`);
  return Number(position);
}
