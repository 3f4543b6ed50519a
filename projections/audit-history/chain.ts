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
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
  if (typeof value !== 'object' || value === null) return `${value}`;
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = membersOf(value);
  if (!members) return canonical(wellNamed(value));
  let text = members.length === 0 ? '{' : '';
  for (const { name, before, beforeText } of members) {
    const held = value[name] as Json;
    // Most values are such texts: every concatenation less is time, and garbage.
    if (typeof held === 'string' && PLAIN.test(held)) text += `${beforeText + held}"`;
    else text += before + canonical(held);
  }
  return `${text}}`;
}

/** A member of the objects of a shape. */
interface Member {
  readonly name: string;
  /** What is written before its value: what parts it from the member before, its name and the colon. */
  readonly before: string;
  /** The same before a text. */
  readonly beforeText: string;
}

/** What objects have in common that have the same names in the same order. */
class Shape {
  /** By the name that comes next in objects with one more. */
  readonly next = new Map<string, Shape>();
  /** In canonical order; undefined where no object has been met yet, or where a name has halves of surrogate pairs. */
  members: readonly Member[] | undefined;
}

/** How many shapes are remembered: events of one type have the same few. */
const REMEMBERED = 1_000;

let none = new Shape();
let remembered = 0;

/** @returns undefined where a name has halves of surrogate pairs */
function membersOf(value: JsonObject): readonly Member[] | undefined {
  if (remembered > REMEMBERED) {
    none = new Shape();
    remembered = 0;
  }
  let shape = none;
  // Not `Object.keys`, whose lists would have to be made, and sorted, for each object.
  for (const name in value) shape = shape.next.get(name) ?? shapeAfter(shape, name);
  shape.members ??= sortedMembersOf(value);
  return shape.members;
}

function shapeAfter(before: Shape, name: string): Shape {
  const shape = new Shape();
  before.next.set(name, shape);
  remembered++;
  return shape;
}

/** By UTF-16 code units (section 3.2.3), which is how texts are sorted here. */
function sortedMembersOf(value: JsonObject): readonly Member[] | undefined {
  const names = Object.keys(value).sort();
  if (!names.every((name) => name.isWellFormed())) return undefined;
  return names.map((name, index) => {
    const before = `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    return { name, before, beforeText: `${before}"` };
  });
}

/** ASCII that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

const textOf = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed()));

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);

function wellNamed(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name.toWellFormed(), held]));
}
