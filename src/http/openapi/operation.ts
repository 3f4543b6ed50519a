import type { FastifyContextConfig, FastifySchema } from 'fastify';

import { PROBLEMS, type ProblemCode } from '../problems/catalogue.js';
import { EventPosition } from '../schemas/text.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The problems that this route has of its own, for the document. */
    problems?: readonly ProblemCode[];
    /** Whether what this route changes is not in the log, so that there is no position to tell. */
    appendsNothing?: boolean;
    /** Whether it makes mails that are limited, so that answers tell what is left. */
    countsMails?: boolean;
    /** Whether no limit counts its requests. */
    isUnlimited?: boolean;
  }
}

type Properties = Readonly<Record<string, unknown>>;

const text = (description: string, schema: object = { type: 'string' }) => ({ ...schema, description });

const EVERY_ANSWER: Properties = {
  'X-Request-Id': text('Names the request in the logs of the service. Your own, where you sent one.'),
};
const ANSWER_TO_APPEND: Properties = {
  'Event-Position': text('Where the outcome stands in the log: send it as Min-Event-Position.', EventPosition),
};
const ANSWER_TO_MUTATION: Properties = {
  'Idempotency-Replayed': text('`true` where the same request got this answer before.'),
};
const CREATED: Properties = { Location: text('Where to find what was made.') };
const CHALLENGE: Properties = { 'WWW-Authenticate': text('How to authenticate (RFC 6750).') };
const LIMITS: Properties = {
  'RateLimit-Limit': text('Requests in the window.', { type: 'integer' }),
  'RateLimit-Remaining': text('Requests left in it.', { type: 'integer' }),
  'RateLimit-Reset': text('Seconds until it ends.', { type: 'integer' }),
};
const ALLOWANCE: Properties = {
  'RateLimit-Limit': text('Recipients in the window, of inviter or workspace: whichever has less left.', {
    type: 'integer',
  }),
  'RateLimit-Remaining': text('Recipients left in it.', { type: 'integer' }),
  'RateLimit-Reset': text('Seconds until it ends.', { type: 'integer' }),
  'RateLimit-Policy': text('Both limits: `"inviter";q=5000;w=86400, "workspace";q=10000;w=86400`.'),
  RateLimit: text(
    'What is left of both, and for how many seconds: `"inviter";r=4999;t=86400, "workspace";r=9999;t=86400`.',
  ),
};
const PAUSE: Properties = {
  'Retry-After': text('Seconds to wait before sending the same again.', { type: 'integer' }),
};

/** How a route can be asked for; most of what the document says of it follows from that. */
interface RouteKind {
  readonly isMutation: boolean;
  readonly appends: boolean;
  readonly countsMails: boolean;
  readonly isUnlimited: boolean;
  readonly waitsForPosition: boolean;
  readonly hasInput: boolean;
  readonly hasBody: boolean;
  readonly isForCallers: boolean;
}

/**
 * A route's schema as the document shows it: with the headers of its answers and with the problems that it can answer
 * with, its own and those that follow from what kind of route it is.
 */
export function documented(
  schema: FastifySchema,
  { problems = [], appendsNothing = false, countsMails = false, isUnlimited = false }: FastifyContextConfig,
): FastifySchema {
  if (schema.hide) return schema;
  const headers = (schema.headers as { properties?: Properties } | undefined)?.properties ?? {};
  const kind: RouteKind = {
    isMutation: 'idempotency-key' in headers,
    appends: 'idempotency-key' in headers && !appendsNothing,
    countsMails,
    isUnlimited,
    waitsForPosition: 'min-event-position' in headers,
    hasInput: Boolean(schema.body ?? schema.params ?? schema.querystring ?? schema.headers),
    hasBody: Boolean(schema.body) || 'idempotency-key' in headers,
    isForCallers: (schema.security?.length ?? 0) > 0,
  };
  const response: Record<string, unknown> = {};
  for (const [status, answer] of Object.entries(schema.response ?? {})) {
    response[status] = answerOf(status, answer as Answer, kind, schema.produces ?? ['application/json']);
  }
  for (const [status, codes] of byStatus([...problems, ...usualProblems(kind)])) {
    response[status] ??= problemAnswer(codes);
  }
  const asWritten = Object.fromEntries(Object.entries(headers).map(([name, header]) => [capitalised(name), header]));
  return {
    ...schema,
    ...(schema.headers ? { headers: { type: 'object', properties: asWritten } } : {}),
    response,
    security: schema.security ?? [],
  };
}

const SUCCESSES: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Taken on; what follows from it is under way.',
};

/** Node has the names of headers in lower case; people write `Idempotency-Key`. */
function capitalised(name: string): string {
  return name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

type Answer = { readonly type?: string; readonly description?: string };

function answerOf(
  status: string,
  answer: Answer,
  { isMutation, appends, countsMails }: RouteKind,
  mediaTypes: readonly string[],
): object {
  return {
    description: answer.description ?? SUCCESSES[status] ?? '',
    headers: {
      ...EVERY_ANSWER,
      ...(appends ? ANSWER_TO_APPEND : {}),
      ...(isMutation ? ANSWER_TO_MUTATION : {}),
      ...(status === '201' ? CREATED : {}),
      ...(countsMails ? ALLOWANCE : {}),
    },
    ...(answer.type === 'null'
      ? { type: 'null' }
      : { content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: answer }])) }),
  };
}

function usualProblems({
  isMutation,
  isUnlimited,
  waitsForPosition,
  hasInput,
  hasBody,
  isForCallers,
}: RouteKind): ProblemCode[] {
  const problems: ProblemCode[] = ['internal-error', 'database-unavailable'];
  if (!isUnlimited) problems.push('too-many-requests');
  if (hasInput || isForCallers) problems.push('event-store-unavailable');
  if (hasInput) problems.push('invalid-request', 'malformed-request');
  if (hasBody) problems.push('malformed-json', 'body-too-large', 'unsupported-media-type');
  if (isMutation) problems.push('conflict', 'request-in-flight', 'idempotency-key-reused');
  if (waitsForPosition) problems.push('projection-behind');
  if (isForCallers) {
    problems.push(
      'authentication-required',
      'invalid-access-token',
      'session-ended',
      'cross-site-request',
      'identity-provider-unavailable',
    );
  }
  return problems;
}

function byStatus(codes: readonly ProblemCode[]): Map<string, ProblemCode[]> {
  const statuses = new Map<string, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const status = String(PROBLEMS[code].status);
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return new Map([...statuses].sort());
}

function problemAnswer(codes: readonly ProblemCode[]): object {
  const pauses = codes.some((code) => PROBLEMS[code].retryAfter !== undefined);
  const challenges = codes.some((code) => PROBLEMS[code].status === 401);
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join('\n\n'),
    headers: {
      ...EVERY_ANSWER,
      ...(pauses ? PAUSE : {}),
      ...(challenges ? CHALLENGE : {}),
      ...(codes.includes('too-many-requests') ? LIMITS : {}),
      ...(codes.includes('throttled') ? ALLOWANCE : {}),
    },
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  };
}
