import { ForeignPosition, type Position, START } from '../event-store.js';

/**
 * A place in `$all` as the protocol writes it: two unsigned 64-bit numbers in decimal. Both are needed to go on from
 * there, and both are the same for events written by any server since 20.6.
 */
export interface LogPosition {
  readonly commit: string;
  readonly prepare: string;
}

/** The widest unsigned 64-bit number has this many digits. */
const DIGITS = 20;
const TEXT = /^([0-9]{20})\/([0-9]{20})$/;
const LARGEST = 2n ** 64n - 1n;

/** The port's text of a position: padded, so that text sorts as the log does. */
export function toPosition({ commit, prepare }: LogPosition): Position {
  return `${commit.padStart(DIGITS, '0')}/${prepare.padStart(DIGITS, '0')}` as Position;
}

/**
 * @returns the place after which to go on, `'start'` for the whole log
 * @throws ForeignPosition when the text was never given by EventStoreDB
 */
export function parsePosition(position: Position): LogPosition | 'start' {
  if (position === START) return 'start';
  const [commit, prepare] = TEXT.exec(position)?.slice(1).map(BigInt) ?? [];
  if (commit === undefined || prepare === undefined || commit > LARGEST || prepare > LARGEST) {
    throw new ForeignPosition(`${JSON.stringify(position)} is no position of an EventStoreDB log`);
  }
  return { commit: commit.toString(), prepare: prepare.toString() };
}
