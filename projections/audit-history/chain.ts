/**
 * The hash chain over a workspace's history. Each record holds one event, its place, and the hash of the record before; its own
 * hash is the SHA-256 of all that as canonical JSON (RFC 8785). Whoever knows the newest hash can tell whether anything before
 * it was edited, removed, inserted, reordered or cut off.
 */
import { hash } from 'node:crypto';

import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { canonical, canonicalOf } from './canonical-json.js';

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
export function canonicalEvent(event: RecordedEvent): string {
  const { id, stream, revision, type } = event;
  const texts = event.texts?.();
  const data = canonicalOf(event.data, texts?.data);
  const metadata = canonicalOf(event.metadata, texts?.metadata);
  return (
    `{"data":${data},"id":${canonical(id)},"metadata":${metadata},"revision":${revision},` +
    `"stream":${canonical(stream)},"type":${canonical(type)}}`
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

/** The event in such a line. @param record the rest of what it says */
export function eventIn(line: string, record: Omit<ChainRecord, 'event'>): string {
  const { length } = lineOf({ ...record, event: '' });
  return line.slice(EVENT_AT, EVENT_AT + line.length - length);
}
