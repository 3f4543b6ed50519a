import { DomainError } from './domain-error.js';
import { after, type Instant } from './lifetime.js';

const DAY = 24 * 60 * 60;

/** What a workspace does about invitations that nobody answers. */
export interface Reminders {
  /** Counts when a reminder is due. */
  readonly isOn: boolean;
  /** How long after an invitation its reminder is due; counts when the invitation is made. */
  readonly afterSeconds: number;
}

export const USUAL_REMINDERS: Reminders = { isOn: true, afterSeconds: 3 * DAY };

/** How long after an invitation a reminder may be due, in seconds. No invitation lives so long that a later one made sense. */
export const REMIND_AFTER = { shortest: DAY, longest: 29 * DAY } as const;

/** Whoever is reminded has so long left to answer, in seconds; and the mail so long to be delivered. */
const LEAST_LEFT_SECONDS = DAY;

/** When an invitation is reminded of; undefined where it would be too late to be of use. */
export function remindAt(issuedAt: Instant, expiresAt: Instant, afterSeconds: number): Instant | undefined {
  const at = after(issuedAt, afterSeconds);
  return at <= after(expiresAt, -LEAST_LEFT_SECONDS) ? at : undefined;
}

/** @throws DomainError `invalid-reminders` unless it is a whole number of seconds between a day and 29 days */
export function checkRemindAfter(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < REMIND_AFTER.shortest || seconds > REMIND_AFTER.longest) {
    throw new DomainError(
      'invalid-reminders',
      `A reminder can follow an invitation after ${REMIND_AFTER.shortest} seconds (a day) to ${REMIND_AFTER.longest} seconds (29 days); give a whole number in between.`,
    );
  }
  return seconds;
}
