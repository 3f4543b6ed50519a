import type { FastifySchemaValidationError } from 'fastify';

import { PATTERNS } from '../schemas/text.js';
import type { Fault } from './problem.js';

type ValidationError = FastifySchemaValidationError;

/** What a validator found, each place once and in words that say what to do. */
export function faultsOf(errors: readonly ValidationError[], where: string | undefined): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of withoutEchoes(errors)) {
    for (const path of placesOf(error)) {
      if (!faults.has(path)) faults.set(path, { ...placeIn(where, path), detail: adviceFor(error) });
    }
  }
  return [...faults.values()];
}

/**
 * Of a value that may have one of several shapes, every shape complains: what says least about the value is dropped. An
 * unwanted property complains twice, as a property and as a value.
 */
function withoutEchoes(errors: readonly ValidationError[]): readonly ValidationError[] {
  const telling = errors.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'boolean');
  return telling.filter(
    ({ keyword, instancePath }) =>
      keyword !== 'type' || !telling.some((other) => other.instancePath.startsWith(`${instancePath}/`)),
  );
}

function placesOf({ keyword, instancePath, params }: ValidationError): string[] {
  const names = keyword === 'required' ? params['requiredProperties'] : params['additionalProperties'];
  return Array.isArray(names) ? names.map((name) => `${instancePath}/${escapePointer(String(name))}`) : [instancePath];
}

/** RFC 6901, section 3. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function placeIn(where: string | undefined, path: string): Omit<Fault, 'detail'> {
  const name = path.split('/')[1] ?? '';
  if (where === 'querystring' || where === 'params') return { parameter: name };
  if (where === 'headers') return { header: name };
  return { pointer: `#${encodeURI(path)}` };
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'Give an object.',
  array: 'Give a list.',
  string: 'Give a text.',
  integer: 'Give a whole number.',
  number: 'Give a number.',
  boolean: 'Give true or false.',
};

function adviceFor({ keyword, params, message }: ValidationError): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'required':
      return 'This is missing. Give it.';
    case 'additionalProperties':
      return 'There is no such property here. Check its spelling, or leave it out.';
    case 'type':
      return TYPES[String(params['type'])] ?? `It ${message}.`;
    case 'enum':
      return `Give one of: ${(params['allowedValues'] as unknown[]).join(', ')}.`;
    case 'pattern':
      return PATTERNS.get(String(params['pattern'])) ?? `It ${message}.`;
    case 'minLength':
      return limit === '1' ? 'Give at least one character.' : `Give at least ${limit} characters.`;
    case 'maxLength':
      return `Give at most ${limit} characters.`;
    case 'minItems':
      return `Give at least ${limit}.`;
    case 'maxItems':
      return `Give at most ${limit}.`;
    case 'minimum':
      return `Give ${limit} or more.`;
    case 'maximum':
      return `Give ${limit} or less.`;
    case 'minProperties':
      return 'Give at least one of the properties.';
    default:
      return `It ${message ?? 'is not as it should be'}.`;
  }
}
