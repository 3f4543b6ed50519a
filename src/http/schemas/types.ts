import { type Static, type TSchema, Type } from '@fastify/type-provider-typebox';

/** One of some words. With its type, which serialisers and readers of the document want to know. */
export function wordOf<const Word extends string>(
  words: readonly Word[],
  options: { readonly description?: string } = {},
) {
  return Type.Unsafe<Word>({ type: 'string', enum: [...words], ...options });
}

/** The same, or null. As `type: [..., 'null']`, which serialises faster than a union. */
export function nullable<Schema extends TSchema>(schema: Schema, options: { readonly description?: string } = {}) {
  const { type } = schema as { type?: string };
  return Type.Unsafe<Static<Schema> | null>({ ...schema, type: [type, 'null'], ...options });
}

/** A schema that stands once in the document, under its `$id`. */
export function refTo<Schema extends TSchema>(schema: Schema) {
  const { $id } = schema as { $id?: string };
  return Type.Unsafe<Static<Schema>>({ $ref: `${$id}#` });
}

/** An object that has these properties and no others. */
export const Closed: typeof Type.Object = (properties, options) =>
  Type.Object(properties, { additionalProperties: false, ...options });

/** An answer without a body. */
export function nothing(description: string) {
  return Type.Unsafe<undefined>({ type: 'null', description });
}
