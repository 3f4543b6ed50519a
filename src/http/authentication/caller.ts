import type { FastifyRequest } from 'fastify';

/** Whoever is signed in, as their access token tells: no read is needed to know them. */
export interface Caller {
  readonly userId: string;
  readonly email: string;
  /** As of the moment the token was made. */
  readonly name: string;
  /** What the token is good for besides, in words separated by spaces. */
  readonly scope?: string;
  /** When they have to sign in anew, as far as it is known. */
  readonly until?: Date;
  /** Of a session that is kept by a cookie. */
  readonly sessionId?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where nobody is signed in. */
    caller: Caller | null;
  }
}

/** The caller of a route that only those who are signed in reach. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new TypeError('this route does not ask who calls it');
  return request.caller;
}
