import { randomUUID } from 'node:crypto';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { createSessionTokens, type SessionClaims } from '../../tokens/session-token.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { requireSameOrigin } from '../security/same-origin.js';
import type { Caller } from './caller.js';

const DAY = 24 * 60 * 60 * 1000;

/** A session ends when it has not been used for this long, and in any case this long after it began. */
const IDLE = 7 * DAY;
const LONGEST = 30 * DAY;

/** A token that is older is made anew when it is used. */
const RENEWED_AFTER = DAY;

/** Sessions of the pages, kept by a cookie that no script can read. */
export interface CookieSessions {
  /**
   * @returns signs somebody in, in the browser that the answer goes to
   * @throws Problem `cross-site-request`: no other site signs anybody in, to an account of its own
   */
  start(request: FastifyRequest, reply: FastifyReply): (userId: string) => void;

  /**
   * Whoever the cookie says, if there is one.
   *
   * @throws Problem `cross-site-request`, `session-ended`
   */
  caller(request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined>;

  /**
   * Signs out: the cookie goes, and copies of it are of no use.
   *
   * @throws Problem `cross-site-request`
   */
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

export function cookieSessions(
  app: FastifyInstance,
  { config, now, tokenKeys, accounts, redeemedTokens }: HttpDependencies,
): CookieSessions {
  const { publicUrl } = config;
  const tokens = createSessionTokens(tokenKeys);
  const secure = publicUrl.startsWith('https:');
  // Browsers take a cookie of this name only from the very host, over https and for all of it (RFC 6265bis, section 4.1.3).
  const name = secure ? '__Host-session' : 'session';
  const attributes: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure };

  const tokenOf = ({ headers }: FastifyRequest): string | undefined =>
    headers.cookie === undefined ? undefined : app.parseCookie(headers.cookie)[name];

  function give(reply: FastifyReply, claims: SessionClaims, time: Date): void {
    const expiresAt = new Date(Math.min(time.getTime() + IDLE, lastMoment(claims).getTime()));
    const maxAge = Math.floor((expiresAt.getTime() - time.getTime()) / 1000);
    reply.setCookie(name, tokens.sign(claims, expiresAt), { ...attributes, maxAge });
  }

  async function holder(token: string, time: Date) {
    const session = readOrUndefined(token);
    if (!session || session.expiresAt <= time) return undefined;
    const [over, account] = await Promise.all([redeemedTokens.redeemedOf([session.id]), accounts.read(session.userId)]);
    return over.has(session.id) || account.status !== 'registered' ? undefined : { session, account };
  }

  function readOrUndefined(token: string) {
    try {
      return tokens.read(token);
    } catch {
      return undefined;
    }
  }

  return {
    start(request, reply) {
      requireSameOrigin(request, publicUrl);
      return (userId) => {
        const time = now();
        give(reply, { id: randomUUID(), userId, since: time }, time);
      };
    },

    async caller(request, reply) {
      const token = tokenOf(request);
      if (token === undefined) return undefined;
      requireSameOrigin(request, publicUrl);
      const time = now();
      const found = await holder(token, time);
      if (!found) {
        reply.clearCookie(name, attributes);
        throw new Problem('session-ended');
      }
      const { session, account } = found;
      if (session.expiresAt.getTime() - time.getTime() < IDLE - RENEWED_AFTER) give(reply, session, time);
      const { email, name: called } = account;
      return { userId: session.userId, email, name: called, until: session.expiresAt, sessionId: session.id };
    },

    async end(request, reply) {
      const token = tokenOf(request);
      if (token === undefined) return;
      requireSameOrigin(request, publicUrl);
      const session = readOrUndefined(token);
      if (session) await redeemedTokens.redeem(session.id, randomUUID(), lastMoment(session));
      reply.clearCookie(name, attributes);
    },
  };
}

function lastMoment({ since }: SessionClaims): Date {
  return new Date(since.getTime() + LONGEST);
}
