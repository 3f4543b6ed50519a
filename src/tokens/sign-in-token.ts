import type { TokenKeys } from './keys.js';
import { InvalidToken, tokenCodec } from './signed-token.js';

/** How long a sign-in link is good for, in seconds. */
export const SIGN_IN_SECONDS = 600;

/** `id` is the token's own name: whoever redeems it makes sure that this happens once. */
export interface SignInClaims {
  readonly id: string;
  readonly email: string;
}

export interface SignInTokens {
  sign(claims: SignInClaims, issuedAt: Date): string;
  /** @throws InvalidToken, also when it has expired */
  read(token: string, now: Date): SignInClaims & { readonly expiresAt: Date };
}

export function createSignInTokens(keys: TokenKeys): SignInTokens {
  const codec = tokenCodec<SignInClaims>('sign-in', keys);
  return {
    sign: (claims, issuedAt) => codec.sign(claims, new Date(issuedAt.getTime() + SIGN_IN_SECONDS * 1000)),
    read(token, now) {
      const { claims, expiresAt } = codec.read(token);
      if (expiresAt <= now) throw new InvalidToken('This sign-in link has expired. Ask for a new one.');
      return { ...claims, expiresAt };
    },
  };
}
