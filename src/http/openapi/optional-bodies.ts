type Described = { readonly paths?: object };

interface Operation {
  readonly requestBody?: {
    required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
}

type Schema = { readonly type?: string | readonly string[] };

/** Says of bodies that may be null that they may be left out, which is the same to a server: by itself, every body is required. */
export function withOptionalBodies<Document extends Described>(document: Document): Document {
  for (const methods of Object.values(document.paths ?? {})) {
    for (const { requestBody } of Object.values(methods as Readonly<Record<string, Operation>>)) {
      if (requestBody && Object.values(requestBody.content).some(({ schema }) => schema?.type?.includes('null'))) {
        requestBody.required = false;
      }
    }
  }
  return document;
}
