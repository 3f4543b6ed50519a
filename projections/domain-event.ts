import { type DomainEvent, upcast } from '../src/domain/codec.js';
import type { Instant } from '../src/domain/lifetime.js';
import { ACCOUNT_STREAMS } from '../src/domain/streams.js';
import type { RecordedEvent } from '../src/event-store/event-store.js';

/** What Postgres text cannot hold, though the log can: NUL, and halves of surrogate pairs. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** A text without the characters that no row can hold: U+FFFD stands for them. */
export function storable(text: string): string {
  return text.includes('\0') ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text.toWellFormed();
}

/**
 * The same text as one of its own, where it is of Latin-1. A part of a text keeps the whole of it in memory, and takes longer to be
 * compared: what rows are kept by is compared for each event.
 */
export function ownText(text: string): string {
  const own = Buffer.from(text, 'latin1').toString('latin1');
  return own === text ? own : text;
}

/**
 * The data of a recorded event in its newest shape, for a handler of that very type. Characters that no row can hold are
 * replaced (by U+FFFD): a name with such a character in it must not stop a whole projection.
 */
export function dataOf<Type extends DomainEvent['type']>(
  event: RecordedEvent,
): Extract<DomainEvent, { type: Type }>['data'] {
  const { data } = upcast(event);
  let replaced: Record<string, unknown> | undefined;
  // Not `Object.entries`: its arrays would be most of what a fold leaves behind.
  for (const name in data) {
    const value: unknown = data[name as keyof typeof data];
    if (typeof value !== 'string' || !UNSTORABLE.test(value)) continue;
    replaced ??= { ...data };
    replaced[name] = storable(value);
  }
  // The event's type says which data it has, in a way that the compiler cannot follow.
  return (replaced ?? data) as never;
}

/** Whatever `Date` reads within the years that Postgres reads, which knows no year 0. */
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** As `Date` writes it, and on a day that all months have: most are such, and need no reading. */
const PLAIN = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const UNKNOWN = new Date(0).toISOString();

/** What was read last: handlers ask several times for the instant of one event, and the events of one command share it. */
let lastRead: { readonly at: string; readonly instant: Instant } = { at: UNKNOWN, instant: UNKNOWN };

/**
 * When an event happened, by the clock of the command that wrote it, in milliseconds as `Date` writes them: so instants sort as texts.
 * The start of 1970 where it does not tell.
 */
export function instantOf(event: RecordedEvent): Instant {
  const { at } = event.metadata;
  if (typeof at !== 'string') return UNKNOWN;
  if (at !== lastRead.at) lastRead = { at, instant: readInstant(at) };
  return lastRead.instant;
}

function readInstant(at: string): Instant {
  if (PLAIN.test(at)) return at;
  const date = new Date(INSTANT.test(at) ? at : Number.NaN);
  return Number.isNaN(date.getTime()) ? UNKNOWN : date.toISOString();
}

/** Whose account an event gives a new name. */
export function renamedBy({ type, stream }: RecordedEvent): string | undefined {
  return type === 'AccountRenamed' ? stream.slice(ACCOUNT_STREAMS.length) : undefined;
}
