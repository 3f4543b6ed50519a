import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { scrubbedError } from '../logging.js';
import type { LimitHook } from '../security/rate-limits.js';
import { PROBLEMS } from './catalogue.js';
import { problemOf } from './from-error.js';
import { Problem, problemBody } from './problem.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** RFC 6750, section 3: who sent no token is told no error. */
const CHALLENGE = 'Bearer realm="workspace-invitations"';

/** Answers every error with a problem (RFC 9457): the one place where an error becomes an answer. */
export function answerProblems(app: FastifyInstance, publicUrl: string): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, publicUrl));
}

export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): FastifyReply {
  const problem = problemOf(error);
  const { status, retryAfter } = PROBLEMS[problem.code];
  if (status >= 500)
    request.log.error({ err: scrubbedError(problem.cause ?? problem), code: problem.code }, 'request failed');
  // RFC 9110, section 15.5.2: every 401 says how to authenticate.
  if (status === 401) reply.header('www-authenticate', CHALLENGE);
  if (retryAfter !== undefined) {
    request.isFinal = false;
    if (!reply.hasHeader('retry-after')) reply.header('retry-after', String(retryAfter));
  }
  return reply
    .code(status)
    .headers(problem.headers)
    .type(PROBLEM_TYPE)
    .send(problemBody(problem, publicUrl, String(request.id)));
}

/**
 * Answers what no route serves: with 405 and the methods there are where the address is known, with 404 otherwise. To be
 * called before any route is added.
 */
export function answerUnknownRoutes(app: FastifyInstance, limit: LimitHook): void {
  const routes: { readonly path: RegExp; readonly method: string }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    // What is there for any address at all says nothing of one.
    if (url === '/*') return;
    const path = new RegExp(`^${url.replace(/[.+]/g, '\\$&').replace(/:\w+/g, '[^/]+').replace('*', '.*')}$`);
    // Browsers ask by OPTIONS whether they may: no method of the address itself.
    for (const one of [method].flat()) if (one !== 'OPTIONS') routes.push({ path, method: one });
  });
  app.setNotFoundHandler({ preHandler: limit }, (request) => {
    const [path = ''] = request.url.split('?');
    const methods = new Set(routes.filter((route) => route.path.test(path)).map(({ method }) => method));
    if (methods.size === 0) throw new Problem('not-found');
    const allow = [...methods].sort().join(', ');
    throw new Problem('method-not-allowed', `This address knows ${allow}.`, { headers: { allow } });
  });
}
