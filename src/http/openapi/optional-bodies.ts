type Described = { readonly paths?: object };

interface Schema {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly minProperties?: number;
}

interface Operation {
  readonly requestBody?: {
    required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
}

/** Says of bodies in which nothing is required that they may be left out, as they may: by itself, the document requires every body. */
export function withOptionalBodies<Document extends Described>(document: Document): Document {
  for (const methods of Object.values(document.paths ?? {})) {
    for (const { requestBody } of Object.values(methods as Readonly<Record<string, Operation>>)) {
      if (requestBody && Object.values(requestBody.content).every(mayBeEmpty)) requestBody.required = false;
    }
  }
  return document;
}

function mayBeEmpty({
  schema: { type, required = [], minProperties = 0 } = {},
}: {
  readonly schema?: Schema;
}): boolean {
  return type === 'object' && required.length === 0 && minProperties === 0;
}
