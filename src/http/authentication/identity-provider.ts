import jwt from '@fastify/jwt';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import getJwks from 'get-jwks';

import { Problem } from '../problems/problem.js';

/** Somebody else who says who people are (OpenID Connect). */
export interface IdentityProviderConfig {
  /** The `iss` that its tokens have. */
  readonly issuer: string;
  /** The `aud` of tokens that are meant for this service. */
  readonly audience: string;
  /** Found through the issuer's `.well-known/openid-configuration` where it is absent. */
  readonly jwksUrl?: string;
}

export interface ProvidedPerson {
  readonly email: string;
  readonly name?: string;
  /** As the provider grants it (RFC 8693, section 4.2). */
  readonly scope?: string;
  /** When the token stops being good. */
  readonly until: Date;
}

export interface IdentityProvider {
  /**
   * What the provider says of whoever sends the request.
   *
   * @throws Problem `invalid-access-token`, `identity-provider-unavailable`; errors of @fastify/jwt and fast-jwt
   */
  verify(request: FastifyRequest): Promise<ProvidedPerson>;
}

declare module 'fastify' {
  interface FastifyRequest {
    identityProviderJwtVerify(): Promise<Claims>;
  }
}

interface Claims {
  readonly email?: unknown;
  readonly email_verified?: unknown;
  readonly name?: unknown;
  readonly scope?: unknown;
  /** Seconds since 1970. */
  readonly exp: number;
}

interface TokenToVerify {
  readonly header: { readonly alg?: string; readonly kid?: string };
}

/** Signed by a key pair: with a shared secret, whoever can check a token could make one (RFC 8725, section 3.1). */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const;

/** Milliseconds that the provider has for answering with its keys, and that its clock may be ahead. */
const PATIENCE = 5_000;

/** Accepts the tokens of an external identity provider. */
export async function identityProvider(
  app: FastifyInstance,
  config: IdentityProviderConfig,
): Promise<IdentityProvider> {
  const publicKey = publicKeys(config);
  await app.register(jwt, {
    namespace: 'identityProvider',
    decode: { complete: true },
    secret: { public: (_request: FastifyRequest, token: object) => publicKey((token as TokenToVerify).header) },
    verify: {
      algorithms: [...ALGORITHMS],
      allowedIss: config.issuer,
      allowedAud: config.audience,
      requiredClaims: ['iss', 'aud', 'exp'],
      clockTolerance: PATIENCE,
    },
  });
  return {
    async verify(request) {
      const { email, email_verified: verified, name, scope, exp } = await request.identityProviderJwtVerify();
      if (typeof email !== 'string' || verified !== true) {
        throw new Problem(
          'invalid-access-token',
          'The token names no address that the identity provider has verified: it needs the claims email and email_verified.',
        );
      }
      return {
        email,
        until: new Date(exp * 1000),
        ...(typeof name === 'string' ? { name } : {}),
        ...(typeof scope === 'string' ? { scope } : {}),
      };
    },
  };
}

function publicKeys({ issuer, jwksUrl }: IdentityProviderConfig): (header: TokenToVerify['header']) => Promise<string> {
  const where = jwksUrl === undefined ? undefined : new URL(jwksUrl);
  const keys = getJwks({
    ...(where ? { jwksPath: where.pathname + where.search } : { providerDiscovery: true }),
    fetchOptions: { redirect: 'error' },
  });
  const domain = where?.origin ?? issuer;
  return async ({ alg = '', kid = '' }) => {
    try {
      return await withinPatience(keys.getPublicKey({ domain, alg, kid }));
    } catch (error) {
      const isUnknownKey = (error as { code?: string }).code === 'JWK_NOT_FOUND';
      throw new Problem(isUnknownKey ? 'invalid-access-token' : 'identity-provider-unavailable', undefined, {
        cause: error,
      });
    }
  };
}

async function withinPatience<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the identity provider did not answer in time')), PATIENCE);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
