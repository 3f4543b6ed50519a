import type { Json, JsonObject } from './event-store.js';

/**
 * A value as JSON with the names of each object in the order of RFC 8785, so that the log mostly holds canonical text, and whoever needs that
 * need not make it again. What is not: names that are whole numbers, which objects have first, and halves of surrogate pairs.
 */
export function jsonInOrder(value: JsonObject): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(inOrder);
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name] as Json)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
