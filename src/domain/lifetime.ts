import { DomainError } from './domain-error.js';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/** How long an invitation can be accepted, in seconds. */
export const LIFETIME = { shortest: HOUR, usual: 7 * DAY, longest: 30 * DAY } as const;

/** An instant: ISO 8601 in UTC with milliseconds, as `Date.toISOString` gives it, so that instants compare as strings. */
export type Instant = string;

/** @throws DomainError `invalid-lifetime` unless it is a whole number of seconds between an hour and 30 days */
export function checkLifetime(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < LIFETIME.shortest || seconds > LIFETIME.longest) {
    throw new DomainError(
      'invalid-lifetime',
      `An invitation can live from ${LIFETIME.shortest} seconds (an hour) to ${LIFETIME.longest} seconds (30 days); give a whole number in between.`,
    );
  }
  return seconds;
}

/** The instant `seconds` after `now`. */
export function after(now: Instant, seconds: number): Instant {
  return new Date(Date.parse(now) + seconds * 1000).toISOString();
}
