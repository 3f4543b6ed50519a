const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses before the second, third … attempt: quick for a hiccup, patient with greylisting, hourly for an outage. */
const PAUSES = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR] as const;

/**
 * How long to wait before an attempt, in milliseconds: growing, and spread by a quarter either way, so that mails that
 * failed together do not come back together.
 *
 * @param attempt counts from 1; the first waits for nothing
 */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  if (attempt <= 1) return 0;
  const pause = PAUSES[Math.min(attempt - 2, PAUSES.length - 1)] ?? 0;
  return Math.round(pause * (0.75 + random() / 2));
}
