import type { Instant } from '../../domain/lifetime.js';
import { Problem } from '../problems/problem.js';

/**
 * An instant of a query, of any offset, as events have theirs: in UTC, and down to the millisecond.
 *
 * @throws Problem `future-instant`
 */
export function pastInstant(asked: string, now: Date): Instant {
  // A leap second, which a clock of events never shows, is the last moment before it.
  const instant = new Date(asked.replace(/:60(?=[.Zz+-])/, ':59'));
  if (instant > now) throw new Problem('future-instant');
  return instant.toISOString();
}
