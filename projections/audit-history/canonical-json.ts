import type { Json, JsonObject } from '../../src/event-store/event-store.js';

/**
 * JSON by RFC 8785, which takes texts and numbers as `JSON.stringify` writes them. Halves of surrogate pairs, which it forbids, are
 * replaced by U+FFFD.
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'null';
  if (typeof value !== 'object' || value === null) return `${value}`;
  // One call for each level, however deep events of other programs are nested.
  const parts: string[] = [];
  if (isList(value)) {
    for (const item of value) parts.push(canonical(item));
    return `[${parts.join(',')}]`;
  }
  // By UTF-16 code units (section 3.2.3), which is how texts are sorted here.
  const names = Object.keys(value).sort();
  if (!names.every((name) => name.isWellFormed())) return canonical(wellNamed(value));
  for (const name of names) parts.push(`${textOf(name)}:${canonical(value[name] as Json)}`);
  return `{${parts.join(',')}}`;
}

/** ASCII that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

const textOf = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed()));

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);

function wellNamed(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name.toWellFormed(), held]));
}

/**
 * The same of a value that was parsed from a text, which mostly is canonical itself: then nothing has to be written.
 *
 * @param text undefined where it is not known
 */
export function canonicalOf(value: JsonObject, text: string | undefined): string {
  return text !== undefined && isCanonical(text, value) ? text : canonical(value);
}

/** Whether there is a number among those that `lengthInOrder` came by that an exponent makes no longer: `1200` may be `12e2`. */
let hasRoundNumber = false;

/**
 * Whether a text is what `canonical` makes of the value that was parsed from it; false also where that is not easily found out. With the
 * names in order, no text of the value is shorter than the canonical one, and no other is as short: white space, escapes, and names that
 * are there twice make it longer. Only whole numbers that end in two zeros may be as short, or shorter, with an exponent, which is looked for.
 */
function isCanonical(text: string, value: JsonObject): boolean {
  hasRoundNumber = false;
  const isAsLong = lengthInOrder(value) === text.length;
  return isAsLong && text.isWellFormed() && !(hasRoundNumber && EXPONENT.test(text));
}

/** How long the canonical text is if it has no escapes. NaN where names are in another order, or of a number that may be written in several ways. */
function lengthInOrder(value: Json): number {
  if (typeof value === 'string') return value.length + '""'.length;
  if (typeof value === 'number') return lengthOfNumber(value);
  if (typeof value !== 'object' || value === null) return `${value}`.length;
  if (isList(value)) {
    let length = value.length === 0 ? '[]'.length : '['.length + value.length;
    for (const item of value) length += lengthInOrder(item);
    return length;
  }
  if (shapes > REMEMBERED) forgetShapes();
  let shape = empty;
  let length = 0;
  for (const name in value) {
    shape = shape.next.get(name) ?? shapeAfter(shape, name);
    length += lengthInOrder(value[name] as Json);
  }
  return shape.length + length;
}

/** What a number with an exponent looks like, as nothing else mostly does. */
const EXPONENT = /[:[,]\s*-?[\d.]+[eE]/;

/** NaN for fractions, and beyond 2^53, where several of one length are the same number. */
function lengthOfNumber(value: number): number {
  if (!Number.isSafeInteger(value)) return Number.NaN;
  if (value !== 0 && value % 100 === 0) hasRoundNumber = true;
  return `${value}`.length;
}

/** What objects have in common that have the same names in the same order. */
interface Shape {
  /** By the name that comes next in objects with one more. */
  readonly next: Map<string, Shape>;
  readonly last: string | undefined;
  /** Of all but the values; NaN where the names are not in canonical order. */
  readonly length: number;
}

/** How many shapes are remembered: events of one type have the same few. */
const REMEMBERED = 1_000;

let empty: Shape = { next: new Map(), last: undefined, length: '{}'.length };
let shapes = 0;

function forgetShapes(): void {
  empty = { ...empty, next: new Map() };
  shapes = 0;
}

function shapeAfter({ next, last, length }: Shape, name: string): Shape {
  // Objects have names that are numbers first, wherever they stood in the text.
  const isNext = !/^\d/.test(name) && (last === undefined || last < name);
  const separators = last === undefined ? '"":'.length : ',"":'.length;
  const shape = { next: new Map(), last: name, length: isNext ? length + name.length + separators : Number.NaN };
  next.set(name, shape);
  shapes++;
  return shape;
}
