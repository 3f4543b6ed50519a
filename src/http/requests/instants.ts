import type { Instant } from '../../domain/lifetime.js';
import { Problem } from '../problems/problem.js';

/**
 * An instant of a query, of any offset, as events have theirs: in UTC, and down to the millisecond.
 *
 * @throws Problem `invalid-request` for a day that there is not
 */
export function instantOf(parameter: string, asked: string): Instant {
  // A leap second, which a clock of events never shows, is the last moment before it.
  const instant = new Date(asked.replace(/:60(?=[.Zz+-])/, ':59'));
  if (!Number.isNaN(instant.getTime())) return instant.toISOString();
  const detail = 'Give an instant that there is, such as 2026-03-09T12:00:00Z.';
  throw new Problem('invalid-request', undefined, { errors: [{ parameter, detail }] });
}

/** The same, but not after now. @throws Problem `invalid-request`, `future-instant` */
export function pastInstant(parameter: string, asked: string, now: Date): Instant {
  const instant = instantOf(parameter, asked);
  if (instant > now.toISOString()) throw new Problem('future-instant');
  return instant;
}
