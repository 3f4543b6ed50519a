import { after, type Instant } from '../../../src/domain/lifetime.js';
import type { Actor } from '../../../src/domain/membership/commands.js';

/** An id as the domain knows them, 26 characters of [a-z0-9], that says what it stands for. */
export function idOf(word: string): string {
  return word.padEnd(26, '0');
}

export const WORKSPACE = idOf('workspace');
export const INVITEE = idOf('invitee');
export const EMAIL = 'Invitee@example.com';

export const OWNER = { userId: idOf('owner'), role: 'owner' } as const satisfies Actor;
export const ADMINISTRATOR = { userId: idOf('administrator'), role: 'administrator' } as const satisfies Actor;
export const DEVELOPER = { userId: idOf('developer'), role: 'developer' } as const satisfies Actor;
/** Somebody who is not an active member. */
export const STRANGER = { userId: idOf('stranger'), role: undefined } as const satisfies Actor;

/** When every story begins. */
export const BEGINNING: Instant = '2030-01-01T00:00:00.000Z';

export const HOUR = 60 * 60;
export const DAY = 24 * HOUR;

/** The instant so many hours after the beginning. */
export function hour(n: number): Instant {
  return after(BEGINNING, n * HOUR);
}

/** The instant so many days after the beginning. */
export function day(n: number): Instant {
  return after(BEGINNING, n * DAY);
}
