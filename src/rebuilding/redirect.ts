import {
  type IdentifierNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RawNode,
  type RootOperationNode,
  type UnknownRow,
} from 'kysely';

/**
 * Sends the statements of a projection to another schema than the one they name: every `users_tab.` becomes
 * `users_tab__next.`. A projection is written for one schema and runs unchanged on tables beside the live ones. Values are
 * parameters, and never touched.
 */
export class SchemaRedirect implements KyselyPlugin {
  readonly #transformer: Transformer;

  constructor(from: string, to: string) {
    this.#transformer = new Transformer(from, to);
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.#transformer.transformNode(node, queryId);
  }

  transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return Promise.resolve(result);
  }
}

class Transformer extends OperationNodeTransformer {
  readonly #written: RegExp;

  constructor(
    private readonly from: string,
    private readonly to: string,
  ) {
    super();
    this.#written = new RegExp(`(?<![\\w$."])("?)${from}\\1(?=\\s*\\.)`, 'g');
  }

  protected override transformRaw(...args: Parameters<OperationNodeTransformer['transformRaw']>): RawNode {
    const node = super.transformRaw(...args);
    return { ...node, sqlFragments: node.sqlFragments.map((text) => text.replace(this.#written, `$1${this.to}$1`)) };
  }

  protected override transformSchemableIdentifier(
    ...args: Parameters<OperationNodeTransformer['transformSchemableIdentifier']>
  ) {
    const node = super.transformSchemableIdentifier(...args);
    if (node.schema?.name !== this.from) return node;
    const schema: IdentifierNode = { ...node.schema, name: this.to };
    return { ...node, schema };
  }
}
