import type { FastifyReply, FastifyRequest } from 'fastify';

import { Problem } from '../problems/problem.js';
import type { FailureLimit } from '../security/rate-limits.js';
import type { AccessTokens } from './access-tokens.js';
import type { Caller } from './caller.js';
import type { CookieSessions } from './cookie-sessions.js';
import type { IdentityProvider } from './identity-provider.js';
import type { KnownAccounts } from './known-accounts.js';

export interface Authentication {
  readonly accessTokens: AccessTokens;
  readonly sessions: CookieSessions;
  /** Where there is one, its tokens are accepted beside our own. */
  readonly provider?: { readonly tokens: IdentityProvider; readonly accounts: KnownAccounts };
  readonly failures: FailureLimit;
}

/** A hook that lets only those pass who are signed in, and says who they are. */
export function requireCaller(authentication: Authentication) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    request.caller = (await callerOfAny(request, reply, authentication)) ?? null;
    if (!request.caller) throw new Problem('authentication-required');
  };
}

/**
 * A hook for routes that serve strangers too: a token need not be there, but where it is, it must be good. A session that
 * has ended is none: browsers send its cookie unasked.
 */
export function recogniseCaller(authentication: Authentication) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    request.caller =
      (await callerOfAny(request, reply, authentication).catch((error: unknown) => {
        if (error instanceof Problem && error.code === 'session-ended') return null;
        throw error;
      })) ?? null;
  };
}

/** A token that is sent on purpose goes before a cookie. */
async function callerOfAny(
  request: FastifyRequest,
  reply: FastifyReply,
  authentication: Authentication,
): Promise<Caller | undefined> {
  const token = bearerToken(request);
  if (token === undefined) return authentication.sessions.caller(request, reply);
  return callerWith(token, request, authentication);
}

/** RFC 6750, section 2.1. */
function bearerToken({ headers: { authorization } }: FastifyRequest): string | undefined {
  if (authorization === undefined) return undefined;
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization)?.[1];
  if (token === undefined) throw invalidToken('Send Authorization: Bearer and the token.');
  return token;
}

async function callerWith(token: string, request: FastifyRequest, authentication: Authentication): Promise<Caller> {
  const { accessTokens, provider, failures } = authentication;
  try {
    if (!provider || accessTokens.claimsToBeOurs(token)) return accessTokens.verify(token);
    await failures.check(request);
    const { scope, until, ...person } = await provider.tokens.verify(request);
    const caller = await provider.accounts.callerWith(person, request);
    // What a token is good for, and how long, belongs to the token, and is not remembered with the account.
    return { ...caller, until, ...(scope === undefined ? {} : { scope }) };
  } catch (error) {
    const problem = problemOfToken(error);
    if (problem.statusCode === 401) await failures.count(request);
    throw problem;
  }
}

function problemOfToken(error: unknown): Problem {
  if (error instanceof Problem && error.code !== 'invalid-access-token') return error;
  if (error instanceof Problem) return invalidToken(error.message);
  const { code = '' } = error as { code?: string };
  if (!/^(?:FAST_JWT|FST_JWT)_/.test(code)) throw error;
  const hasExpired = code.includes('EXPIRED');
  return invalidToken(
    hasExpired ? 'The access token has expired. Sign in again.' : 'The access token is not one of ours. Sign in again.',
  );
}

/** RFC 6750, section 3. */
function invalidToken(detail: string): Problem {
  const challenge = `Bearer realm="workspace-invitations", error="invalid_token", error_description="${detail}"`;
  return new Problem('invalid-access-token', detail, { headers: { 'www-authenticate': challenge } });
}
