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
  return canonical({ id, stream, revision, type, data, metadata });
}

/** The record of an event that follows a head. */
export function chained(event: string, head: ChainHead): ChainRecord {
  const sequence = head.sequence + 1;
  const previousHash = head.hash;
  return { event, sequence, previousHash, hash: hashOf({ event, sequence, previousHash }) };
}

/** The hash that a record must have. */
export function hashOf({ event, previousHash, sequence }: Omit<ChainRecord, 'hash'>): string {
  const record = `{"event":${event},"previousHash":"${previousHash}","sequence":${sequence}}`;
  return hash('sha256', record);
}

/** A record as a line of an export, itself canonical JSON: any changed byte shows. */
export function lineOf({ event, hash, previousHash, sequence }: ChainRecord): string {
  return `{"event":${event},"hash":"${hash}","previousHash":"${previousHash}","sequence":${sequence}}`;
}

/**
 * JSON by RFC 8785, which takes texts and numbers as `JSON.stringify` writes them. Halves of surrogate pairs, which it forbids, are
 * replaced by U+FFFD.
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(wellFormed(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const names = Object.keys(value);
  if (names.some((name) => HALF.test(name))) return canonical(wellNamed(value));
  // By UTF-16 code units (section 3.2.3), which is how texts are sorted here.
  const members = names.sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Json)}`);
  return `{${members.join(',')}}`;
}

/** Half of a surrogate pair. */
const HALF = /\p{Surrogate}/u;
const HALVES = new RegExp(HALF, 'gu');

const wellFormed = (text: string): string => text.replace(HALVES, '\uFFFD');

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);

function wellNamed(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [wellFormed(name), held]));
}
