import { EMAIL_PATIENCE_SECONDS } from '../domain/membership/mailing.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses before the second, third … attempt, in milliseconds; the last of them before every later one. */
export type Pauses = readonly [number, ...number[]];

/** Quick for a hiccup, patient with greylisting, every few hours for an outage. */
export const PAUSES: Pauses = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR];

/** A pause that would end after the day is cut, so that the last attempt is made when the day ends, unless it nearly has. */
const LAST_CALL = 5 * MINUTE;

/**
 * How long to wait before an attempt, in milliseconds: growing, and spread by a quarter either way, so that mails that
 * failed together do not come back together.
 *
 * @param attempt counts from 1; the first waits for nothing
 */
export function pauseBefore(attempt: number, random: () => number = Math.random, pauses: Pauses = PAUSES): number {
  if (attempt <= 1) return 0;
  const pause = pauses[Math.min(attempt - 2, pauses.length - 1)] ?? 0;
  return Math.round(pause * (0.75 + random() / 2));
}

/**
 * When a mail that was deferred is tried again. Past the end of the day, the deferral is final.
 *
 * @param attempt the one to come
 * @param since when the first one began
 */
export function nextAttemptAt(
  attempt: number,
  since: string,
  now: Date,
  { random = Math.random, pauses = PAUSES }: { readonly random?: () => number; readonly pauses?: Pauses } = {},
): string {
  const at = now.getTime() + pauseBefore(attempt, random, pauses);
  const lastCall = Date.parse(since) + EMAIL_PATIENCE_SECONDS * SECOND - SECOND;
  return new Date(now.getTime() < lastCall - LAST_CALL ? Math.min(at, lastCall) : at).toISOString();
}
