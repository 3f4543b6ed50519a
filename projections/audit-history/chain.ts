/**
 * The hash chain over a workspace's history. Each record holds one event, its place, and the hash of the record before; its own
 * hash is the SHA-256 of all that as canonical JSON (RFC 8785). Whoever knows the newest hash can tell whether anything before
 * it was edited, removed, inserted, reordered or cut off.
 */
import { hash } from 'node:crypto';

import type { Json, JsonObject, RecordedEvent } from '../../src/event-store/event-store.js';

/** What the first record of a chain follows. */
export const GENESIS = '0'.repeat(64);

/** The newest record of a chain: its number from 1, and its hash; 0 and `GENESIS` where there is none. */
export interface ChainHead {
  readonly sequence: number;
  /** 64 hexadecimal digits, in lower case. */
  readonly hash: string;
}

/** A record of a chain, with the event as canonical JSON. */
export interface ChainRecord extends ChainHead {
  readonly event: string;
  readonly previousHash: string;
}

/** The part of a recorded event that the chain proves: all but its position, which is the log's own affair. */
export function canonicalEvent({ id, stream, revision, type, data, metadata }: RecordedEvent): string {
  return (
    `{"data":${canonical(data)},"id":${textOf(id)},"metadata":${canonical(metadata)},"revision":${revision},` +
    `"stream":${textOf(stream)},"type":${textOf(type)}}`
  );
}

/** The record of an event that follows a head. */
export function chained(event: string, head: ChainHead): ChainRecord {
  const sequence = head.sequence + 1;
  const previousHash = head.hash;
  const record = hashed({ event, sequence, previousHash });
  const hash = sha256(record);
  // The event as a part of what was hashed is one text; as it was made it is a tree of some fifty, each of which would be held.
  return { event: record.slice(EVENT_AT, EVENT_AT + event.length), sequence, previousHash, hash };
}

/** The hash that a record must have. */
export function hashOf(record: Omit<ChainRecord, 'hash'>): string {
  return sha256(hashed(record));
}

const BEFORE_EVENT = '{"event":';
const EVENT_AT = BEFORE_EVENT.length;

function hashed({ event, previousHash, sequence }: Omit<ChainRecord, 'hash'>): string {
  return `${BEFORE_EVENT}${event},"previousHash":"${previousHash}","sequence":${sequence}}`;
}

const sha256 = (text: string): string => hash('sha256', text);

/** A record as a line of an export, itself canonical JSON: any changed byte shows. */
export function lineOf({ event, hash, previousHash, sequence }: ChainRecord): string {
  return `{"event":${event},"hash":"${hash}","previousHash":"${previousHash}","sequence":${sequence}}`;
}

/**
 * JSON by RFC 8785, which takes texts and numbers as `JSON.stringify` writes them. Halves of surrogate pairs, which it forbids, are
 * replaced by U+FFFD.
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  let members = '{';
  let separator = '';
  for (const name of sorted(Object.keys(value))) {
    const named = nameOf(name);
    if (named === undefined) return canonical(wellNamed(value));
    const held = value[name] as Json;
    // Most values are such texts: every concatenation less is time, and garbage.
    if (typeof held === 'string' && PLAIN.test(held)) members += `${separator + named}"${held}"`;
    else members += separator + named + canonical(held);
    separator = ',';
  }
  return `${members}}`;
}

/** So many names are sorted where they stand: `sort` leaves copies behind, which cost more than the sorting. */
const FEW = 32;

/** By UTF-16 code units (section 3.2.3), which is how texts are compared here. */
function sorted(names: string[]): string[] {
  if (names.length > FEW) return names.sort();
  for (let next = 1; next < names.length; next++) {
    const name = names[next] as string;
    let at = next;
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string;
    names[at] = name;
  }
  return names;
}

/** How many names of members are remembered as JSON has them: events of one type have the same. */
const REMEMBERED = 1_000;

const remembered = new Map<string, string>();

/** The name of a member, with its colon; undefined where it has halves of surrogate pairs. */
function nameOf(name: string): string | undefined {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  if (!name.isWellFormed()) return undefined;
  const written = `${JSON.stringify(name)}:`;
  if (remembered.size < REMEMBERED) remembered.set(name, written);
  return written;
}

/** ASCII that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

const textOf = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed()));

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);

function wellNamed(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name.toWellFormed(), held]));
}
