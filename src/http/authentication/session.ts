import type { Static } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { AccountState } from '../../domain/account/account.js';
import type { SessionSchema } from '../schemas/account.js';
import type { Authentication } from './authenticate.js';

export type Session = Static<typeof SessionSchema>;

/** Begins a session of somebody who has just been registered, or was before. */
export type BeginSession = (userId: string, account: AccountState) => Session;

/**
 * How the session that a request asks for begins. Whether it may is found out before the request has any effect.
 *
 * @param asCookie whether a cookie keeps it, in place of an access token in the answer
 * @throws Problem `cross-site-request`
 */
export function sessionFor(
  request: FastifyRequest,
  reply: FastifyReply,
  asCookie: boolean,
  { accessTokens, sessions }: Authentication,
): BeginSession {
  const start = asCookie ? sessions.start(request, reply) : undefined;
  return (userId, account) => {
    if (account.status !== 'registered') throw new TypeError('there is no account to sign in to');
    const { email, name } = account;
    const view = { account: { id: userId, email, name } };
    if (start) {
      start(userId);
      return view;
    }
    const accessToken = accessTokens.sign({ userId, email, name });
    return { accessToken, tokenType: 'Bearer', expiresIn: accessTokens.seconds, ...view };
  };
}
