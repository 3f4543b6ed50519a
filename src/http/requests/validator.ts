import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * Checks requests by their schemas, by TypeBox's own compiler. Nothing is converted but what a query cannot say
 * otherwise: a body's `"5"` stays a text.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    const read = readAs(httpPart, value, schema);
    if (validator.Check(read)) return { value: read };
    return { error: validator.Errors(read) as FastifySchemaValidationError[] as never };
  };
};

function readAs(httpPart: string | undefined, value: unknown, schema: TSchema): unknown {
  if (httpPart === 'querystring') return readQuery(value as Query, schema);
  // No body is as good as an empty one: what is missing is then named, property by property.
  return httpPart === 'body' ? (value ?? {}) : value;
}

type Query = Readonly<Record<string, string | string[]>>;

/** Numbers as numbers; lists from `?a=1&a=2` and from `?a=1,2`. */
function readQuery(query: Query, schema: TSchema): Record<string, unknown> {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined;
      if (type === 'integer' && typeof value === 'string' && /^-?\d{1,9}$/.test(value)) return [name, Number(value)];
      if (type === 'array') return [name, [value].flat().flatMap((text) => text.split(','))];
      return [name, value];
    }),
  );
}
