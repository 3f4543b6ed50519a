import { createDecoder, createSigner, createVerifier } from 'fast-jwt';

import type { TokenKeys } from './keys.js';

/** A token that nobody here made, or that was made for something else. */
export class InvalidToken extends Error {
  readonly code = 'invalid-token';
  override readonly name = 'InvalidToken';
}

export interface TokenCodec<Claims extends object> {
  /** @param expiresAt when the token stops being good; whole seconds are kept */
  sign(claims: Claims, expiresAt: Date): string;

  /**
   * The claims of a token of ours, expired or not, and when it expires.
   *
   * @throws InvalidToken
   */
  read(token: string): { readonly claims: Claims; readonly expiresAt: Date };
}

/**
 * Compact JWTs (RFC 7519, HS256) of one kind. The audience keeps the kinds apart: a sign-in link cannot be passed off as
 * an invitation. Expiry is read, not enforced: whoever asks decides, because refusing an expired invitation is a fact
 * worth recording.
 */
export function tokenCodec<Claims extends object>(audience: string, keys: TokenKeys): TokenCodec<Claims> {
  const [signing] = keys;
  const sign = createSigner({ key: signing.secret, kid: signing.id, algorithm: 'HS256', noTimestamp: true });
  const verifiers = new Map(
    keys.map(({ id, secret }) => [
      id,
      createVerifier({ key: secret, algorithms: ['HS256'], allowedAud: audience, ignoreExpiration: true }),
    ]),
  );
  const decode = createDecoder({ complete: true });

  return {
    sign: (claims, expiresAt) => sign({ ...claims, aud: audience, exp: Math.floor(expiresAt.getTime() / 1000) }),
    read(token) {
      try {
        const { header } = decode(token) as { header: { kid?: string } };
        const verify = verifiers.get(header.kid ?? '');
        if (!verify) throw new InvalidToken('signed by a key that is not ours, or not any more');
        const { aud: _audience, exp, ...claims } = verify(token) as Claims & { aud: string; exp: number };
        return { claims: claims as unknown as Claims, expiresAt: new Date(exp * 1000) };
      } catch (error) {
        throw new InvalidToken('This link is not complete or not one of ours. Copy it whole from the e-mail.', {
          cause: error,
        });
      }
    },
  };
}
