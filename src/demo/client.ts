/** An answer of the service that is no success: what it said, for the one who watches the demo. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly position: string | undefined;
}

export interface RequestOptions {
  readonly accessToken?: string;
  readonly body?: object;
  /** Wait until the read model shows this position. */
  readonly position?: string | undefined;
  /** Statuses that are fine though they are no success. */
  readonly allow?: readonly number[];
}

/** The REST interface as a client of any language would use it. */
export class Client {
  constructor(readonly baseUrl: string) {}

  async request<Body>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<Body>> {
    const { accessToken, body, position, allow = [] } = options;
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        ...(position ? { 'min-event-position': position } : {}),
        ...(method === 'GET' ? {} : { 'idempotency-key': crypto.randomUUID() }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok && !allow.includes(response.status)) {
      throw new UnexpectedAnswer(`${method} ${path} answered ${response.status}: ${text}`);
    }
    return {
      status: response.status,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
      position: response.headers.get('event-position') ?? undefined,
    };
  }
}
