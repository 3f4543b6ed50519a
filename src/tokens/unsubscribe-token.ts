import type { TokenKeys } from './keys.js';
import { InvalidToken, tokenCodec } from './signed-token.js';

/** How long the link in a mail turns such mails off, in seconds: people clear out old mails too. */
const UNSUBSCRIBE_SECONDS = 400 * 24 * 60 * 60;

/** The mails that a link turns off, and whose. */
export interface UnsubscribeClaims {
  readonly userId: string;
  readonly kind: 'digests' | 'renewalRequests';
}

/** The tokens in the links that turn mails off. They do nothing else, whoever comes by one. */
export interface UnsubscribeTokens {
  sign(claims: UnsubscribeClaims, issuedAt: Date): string;
  /** @throws InvalidToken, also when it has expired */
  read(token: string, now: Date): UnsubscribeClaims;
}

interface Claims {
  readonly u: string;
  readonly k: UnsubscribeClaims['kind'];
}

export function createUnsubscribeTokens(keys: TokenKeys): UnsubscribeTokens {
  const codec = tokenCodec<Claims>('unsubscribe', keys);
  return {
    sign: ({ userId, kind }, issuedAt) =>
      codec.sign({ u: userId, k: kind }, new Date(issuedAt.getTime() + UNSUBSCRIBE_SECONDS * 1000)),
    read(token, now) {
      const { claims, expiresAt } = codec.read(token);
      if (expiresAt <= now) throw new InvalidToken('This link has expired. Sign in and choose which e-mails you get.');
      return { userId: claims.u, kind: claims.k };
    },
  };
}
