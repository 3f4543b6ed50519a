import type { ParkedCount, ParkedEvent, ParkedStream } from '../projecting/parking.js';
import type { Poison } from '../projecting/poison-event.js';
import type { SkippedEvent } from '../rebuilding/skipped-events.js';
import { count } from './table.js';

/** How much is parked, in a few words; nothing where nothing is. */
export function parkedText({ streams, events }: ParkedCount): string {
  if (streams === 0) return '';
  return `${count(events)} ${events === 1 ? 'event' : 'events'} of ${count(streams)} ${streams === 1 ? 'stream' : 'streams'}`;
}

/** What failed, for which row, and why. */
function failureText({ handler, row, reason }: Poison): string {
  return `${handler}${row ? ` ${JSON.stringify(row)}` : ''}: ${reason}`;
}

/** An event that could not be dealt with, in a line. */
export function poisonText(poison: Poison): string {
  return `${eventText(poison.event)} (event ${poison.event.id}): ${failureText(poison)}`;
}

/** A parked stream in a line. */
export function parkedStreamText({ events, first, failure, tries }: ParkedStream): string {
  const why = failure ? `${failureText(failure)} (tried ${tries}x)` : 'not tried yet';
  return `PARKED ${eventText(first)}, ${count(events)} waiting: ${why}`;
}

/** A skipped event in a line. */
export function skippedText(skipped: SkippedEvent): string {
  return `skipped ${eventText(skipped)} (event ${skipped.id}) at ${skipped.at} by ${skipped.by}: ${skipped.reason}`;
}

/** An event in a few words. */
export function eventText({ type, stream, revision }: Pick<ParkedEvent, 'type' | 'stream' | 'revision'>): string {
  return `${type}, revision ${revision} of ${stream}`;
}
