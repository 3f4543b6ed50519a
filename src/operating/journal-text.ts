import type { ParkedEvent } from '../projecting/parking.js';
import type { JournalEntry } from '../rebuilding/journal.js';
import { eventText } from './parked-text.js';
import { count } from './table.js';

/** What entries of the journal tell besides who, when and why; each of these some of it. */
interface Detail {
  /** Versions, and where a switch took place. */
  readonly from?: number;
  readonly to?: number;
  readonly position?: string;
  /** Which were dropped. */
  readonly tables?: string;
  /** What was skipped; then also how it was said when a skip was taken back. */
  readonly event?: ParkedEvent;
  readonly skipped?: { readonly reason: string; readonly by: string; readonly at: string };
  /** What was retried, and what came of it. */
  readonly stream?: string;
  readonly streams?: number;
  readonly replayed?: number;
  readonly outcome?: string | null;
  readonly failed?: readonly ParkedEvent[];
  readonly error?: string;
}

/** An entry in a line: when, what, who, why, and what it was done to. */
export function entryText({ at, act, by, reason, detail }: JournalEntry): string {
  const told = detail ? detailText(detail) : '';
  return [at, act, by, ...(reason === null ? [] : [reason]), ...(told === '' ? [] : [`(${told})`])].join('  ');
}

function detailText({ from, to, position, tables, event, skipped, stream, streams, ...replay }: Detail): string {
  return [
    ...(to === undefined ? [] : [from === to ? `version ${to}` : `version ${from} to ${to}`]),
    ...(position === undefined ? [] : [`at ${position || 'START'}`]),
    ...(tables === undefined ? [] : [`the ${tables} tables`]),
    ...(event ? [eventText(event)] : []),
    ...(skipped ? [`skipped at ${skipped.at} by ${skipped.by}: ${skipped.reason}`] : []),
    ...(stream === undefined ? [] : [stream]),
    ...(streams === undefined ? [] : [streams === 1 ? '1 stream' : `${count(streams)} streams`]),
    ...(replay.replayed === undefined ? [] : [replayText(replay.replayed, replay)]),
  ].join(', ');
}

function replayText(replayed: number, { outcome, failed = [], error }: Detail): string {
  const events = `${count(replayed)} ${replayed === 1 ? 'event' : 'events'} replayed`;
  if (outcome === 'retried') return events;
  if (outcome === null) return `${events}; not ended: under way, or cut off`;
  const [first] = failed;
  const others = failed.length > 1 ? ' and others' : '';
  return [events, `; ${outcome}`, first ? ` at ${eventText(first)}${others}` : '', error ? ` (${error})` : ''].join('');
}
