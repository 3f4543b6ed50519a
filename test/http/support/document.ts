interface Operation {
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

/** What of an OpenAPI document the check of answers looks at. */
type Document = object & { readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>> | undefined>> };

/** Fails where a described route gives an answer that its description does not foresee. Every test checks this besides. */
export function requireDocumented(
  document: object,
  method: string,
  url: string,
  status: number,
  body: { readonly code?: string },
): void {
  const [path = ''] = url.split('?');
  const operation = operationAt(document as Document, method.toLowerCase(), path);
  if (!operation) return;
  const answer = operation.responses[status];
  if (!answer) throw new Error(`${method} ${path} answered ${status}, which is not documented`);
  if (status >= 400 && body.code !== undefined && !answer.description.includes(`\`${body.code}\``)) {
    throw new Error(`${method} ${path} answered ${status} ${body.code}, which is not documented`);
  }
}

function operationAt({ paths = {} }: Document, method: string, path: string): Operation | undefined {
  const templates = Object.keys(paths).filter((template) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  // A fixed segment goes before a variable one, as in the router.
  const [template = ''] = templates.sort((one, other) => one.split('{').length - other.split('{').length);
  return paths[template]?.[method];
}
