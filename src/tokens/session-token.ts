import type { TokenKeys } from './keys.js';
import { tokenCodec } from './signed-token.js';

/** Who is signed in, without a word about them: what they are called is read where it is kept. */
export interface SessionClaims {
  /** Names the session, from signing in to signing out: it stays the same when the token is renewed. */
  readonly id: string;
  readonly userId: string;
  /** When the session began. */
  readonly since: Date;
}

/** The tokens in session cookies. */
export interface SessionTokens {
  sign(claims: SessionClaims, expiresAt: Date): string;
  /** @throws InvalidToken; expiry is for the caller to judge */
  read(token: string): SessionClaims & { readonly expiresAt: Date };
}

interface Claims {
  readonly sid: string;
  readonly sub: string;
  /** Seconds, as in `exp`. */
  readonly since: number;
}

export function createSessionTokens(keys: TokenKeys): SessionTokens {
  const codec = tokenCodec<Claims>('session', keys);
  return {
    sign: ({ id, userId, since }, expiresAt) =>
      codec.sign({ sid: id, sub: userId, since: Math.floor(since.getTime() / 1000) }, expiresAt),
    read(token) {
      const { claims, expiresAt } = codec.read(token);
      return { id: claims.sid, userId: claims.sub, since: new Date(claims.since * 1000), expiresAt };
    },
  };
}
