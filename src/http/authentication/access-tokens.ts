import jwt, { type JWT } from '@fastify/jwt';
import type { FastifyInstance } from 'fastify';

import type { TokenKeys } from '../../tokens/keys.js';
import type { Caller } from './caller.js';

/** Keeps access tokens apart from the tokens in links, which the same keys sign. */
const AUDIENCE = 'access';

export interface AccessTokens {
  /** How long a token is good for. */
  readonly seconds: number;
  sign(caller: Caller): string;
  /** Whether a token that names this key would be one of ours. */
  isOurs(keyId: string | undefined): boolean;
  /** @throws fast-jwt's TokenError */
  verify(token: string, keyId: string | undefined): Caller;
}

interface Claims {
  readonly sub: string;
  readonly email: string;
  readonly name: string;
}

/**
 * This service's own access tokens: compact JWTs (RFC 7519), HS256, each naming the key that signed it. Every key has its
 * own verifier, made once: choosing the key by a function would make checking a token twice as slow (22 µs, not 12).
 */
export async function accessTokens(app: FastifyInstance, keys: TokenKeys, seconds: number): Promise<AccessTokens> {
  for (const { id, secret } of keys) {
    await app.register(jwt, {
      namespace: id,
      secret,
      sign: { algorithm: 'HS256', kid: id, aud: AUDIENCE, expiresIn: seconds },
      verify: { algorithms: ['HS256'], allowedAud: AUDIENCE, requiredClaims: ['aud', 'exp', 'sub'] },
    });
  }
  const byKeyId = app.jwt as unknown as Readonly<Record<string, JWT>>;
  const newest = byKeyId[keys[0].id] as JWT;
  return {
    seconds,
    sign: ({ userId, email, name }) => newest.sign({ sub: userId, email, name } satisfies Claims),
    isOurs: (keyId) => keys.some(({ id }) => id === keyId),
    verify(token, keyId = '') {
      const { sub, email, name } = (byKeyId[keyId] ?? newest).verify<Claims>(token);
      return { userId: sub, email, name };
    },
  };
}
