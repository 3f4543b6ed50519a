import type { Position } from './event-store.js';

/**
 * How much of the log lies before a position, from 0 to 1: of its events on Postgres, of its bytes on EventStoreDB, for that is
 * what the first number of their positions counts.
 *
 * @param end where the log ends, or is to be looked at as ending
 */
export function shareOfLog(position: Position, end: Position): number {
  if (position >= end) return 1;
  return countOf(position) / countOf(end);
}

const countOf = (position: Position): number => Number(position.split('/', 1)[0]);
