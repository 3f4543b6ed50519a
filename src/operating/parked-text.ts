import type { ParkedCount, ParkedEvent, ParkedStream } from '../projecting/parking.js';
import type { SkippedEvent } from '../rebuilding/skipped-events.js';
import { count } from './table.js';

/** How much is parked, in a few words; nothing where nothing is. */
export function parkedText({ streams, events }: ParkedCount): string {
  if (streams === 0) return '';
  return `${count(events)} ${events === 1 ? 'event' : 'events'} of ${count(streams)} ${streams === 1 ? 'stream' : 'streams'}`;
}

/** A parked stream in a line. */
export function parkedStreamText({ events, first, failure, tries }: ParkedStream): string {
  const why = failure ? `${failure.handler}: ${failure.reason} (tried ${tries}x)` : 'not tried yet';
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
