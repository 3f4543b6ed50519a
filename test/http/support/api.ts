import { randomBytes } from 'node:crypto';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';

import { IdempotencyKeys } from '../../../src/database/idempotency-keys.js';
import { RedeemedTokens } from '../../../src/database/redeemed-tokens.js';
import type { ThrottleLimits } from '../../../src/database/throttles.js';
import { Health } from '../../../src/health.js';
import { buildApp } from '../../../src/http/app.js';
import { HTTP_DEFAULTS, type HttpConfig, type HttpDependencies } from '../../../src/http/dependencies.js';
import { enqueueNow } from '../../../src/reactor/jobs.js';
import { parseTokenKeys, type TokenKeys } from '../../../src/tokens/keys.js';
import { openTestCore, type TestCore } from '../../support/core.js';
import { requireDocumented } from './document.js';

interface Teardown {
  teardown(action: () => Promise<unknown>): void;
}

export interface TestApiOptions {
  readonly config?: Partial<HttpConfig>;
  /** Parts to stand in for the real ones: a store that fails, a clock that stands. */
  readonly replace?: (dependencies: HttpDependencies) => Partial<HttpDependencies>;
  /** Seconds between two mails of an invitation; none where it is absent. */
  readonly resendPauseSeconds?: number;
  /** Of mails; none where it is absent. */
  readonly limits?: ThrottleLimits;
  /** Receives every line of the log. */
  readonly log?: (line: string) => void;
}

/** Somebody who is signed in. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests are about
  readonly body: any;
  readonly text: string;
}

export interface CallOptions {
  readonly as?: Person;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: string;
}

export type Api = Awaited<ReturnType<typeof openTestApi>>;

const PLENTY = { max: 100_000, seconds: 60 };
export const NO_LIMITS = { anonymous: PLENTY, failedAuthentication: PLENTY, pages: PLENTY, signInLinks: PLENTY };

/** Milliseconds; generous, because it only runs out when a test fails. */
const POSITION_TIMEOUT = 30_000;

export const PUBLIC_URL = 'https://invitations.example.com';

/** The REST interface on real parts: Postgres, event store, followers, queue. Only the mails are not sent. */
export async function openTestApi(test: Teardown, options: TestApiOptions = {}) {
  const { resendPauseSeconds = 0, limits } = options;
  const testCore = await openTestCore(test, { followers: true, resendPauseSeconds, ...(limits && { limits }) });
  const tokenKeys = parseTokenKeys(randomBytes(32).toString('base64'));
  const app = await appOn(testCore, tokenKeys, options);
  test.teardown(() => app.close());
  return { ...testCore, app, tokenKeys, ...wordsFor(app, testCore) };
}

/** Another instance of the interface on the same parts. */
export async function appOn(
  { core }: Pick<TestCore, 'core'>,
  tokenKeys: TokenKeys,
  { config = {}, replace = () => ({}), log }: TestApiOptions,
): Promise<FastifyInstance> {
  const { pool, instanceId, workspaceQueries } = core;
  const dependencies: HttpDependencies = {
    ...core,
    config: {
      ...HTTP_DEFAULTS,
      publicUrl: PUBLIC_URL,
      version: '1.2.3',
      rateLimits: NO_LIMITS,
      positionTimeout: POSITION_TIMEOUT,
      ...config,
    },
    logger: log ? pino({ level: 'trace' }, { write: log }) : pino({ level: 'silent' }),
    tokenKeys,
    idempotencyKeys: new IdempotencyKeys(pool, instanceId),
    redeemedTokens: new RedeemedTokens(pool),
    channels: {},
    workspacesOf: workspaceQueries,
    jobs: {
      sendSignInLink: (payload) =>
        enqueueNow(pool, { name: 'send-sign-in-link', payload, key: `send-sign-in-link:${payload.tokenId}` }),
    },
    health: new Health(core, () => []),
  };
  return buildApp({ ...dependencies, ...replace(dependencies) });
}

/** Short words for what nearly every test does. */
export function wordsFor(app: FastifyInstance, { core }: Pick<TestCore, 'core'>) {
  async function call(request: string, { as, body, headers = {}, from }: CallOptions = {}): Promise<Answer> {
    const [method, url = ''] = request.split(' ');
    const response = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url,
      headers: { ...(as ? { authorization: `Bearer ${as.token}` } : {}), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
      ...(from === undefined ? {} : { remoteAddress: from }),
    });
    const text = response.body;
    const answered = /\bjson\b|\+json/.test(String(response.headers['content-type'])) ? JSON.parse(text) : text;
    requireDocumented(app.swagger(), String(method), url, response.statusCode, answered);
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string>,
      text,
      body: answered,
    };
  }

  /** Signs in through the interface, with a link as it would be mailed. */
  async function signIn(email: string, name?: string): Promise<Person> {
    const token = core.signInTokens.sign({ id: randomBytes(8).toString('hex'), email }, new Date());
    const { status, body } = await call('POST /v1/sessions', { body: { token, ...(name ? { name } : {}) } });
    if (status !== 201) throw new Error(`could not sign in: ${JSON.stringify(body)}`);
    return { ...body.account, token: body.accessToken };
  }

  /** @returns the id of a new workspace of somebody's */
  async function createWorkspace(as: Person, name = 'Acme'): Promise<string> {
    const { status, body } = await call('POST /v1/workspaces', { as, body: { name } });
    if (status !== 201) throw new Error(`could not create a workspace: ${JSON.stringify(body)}`);
    return body.workspace.id;
  }

  /** @returns the new user, as the answer has them */
  async function invite(as: Person, workspaceId: string, email: string, role = 'developer') {
    const { status, body } = await call(`POST /v1/workspaces/${workspaceId}/invitations`, {
      as,
      body: { email, role },
    });
    if (status !== 201) throw new Error(`could not invite: ${JSON.stringify(body)}`);
    return body;
  }

  /** The token in the newest mail to somebody. */
  // biome-ignore lint/suspicious/noExplicitAny: a user as an answer has them
  function linkOf({ invitation: { id, issue, expiresAt } }: any): string {
    return core.invitationTokens.sign({ invitationId: id, issue }, expiresAt);
  }

  /** Invites somebody new and lets them accept by their link. */
  async function join(inviter: Person, workspaceId: string, email: string, role = 'developer'): Promise<Person> {
    const token = linkOf(await invite(inviter, workspaceId, email, role));
    const { status, body } = await call('POST /v1/invitations/accept', { body: { token, name: email.split('@')[0] } });
    if (status !== 200) throw new Error(`could not accept: ${JSON.stringify(body)}`);
    return { ...body.account, token: body.accessToken };
  }

  return { call, signIn, createWorkspace, invite, linkOf, join };
}
