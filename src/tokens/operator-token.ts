import type { TokenKeys } from './keys.js';
import { tokenCodec } from './signed-token.js';

/** What operators' access tokens say they are good for (RFC 9068, section 2.2.3). */
export const OPERATOR_SCOPE = 'operator';

/** The subject of an operator's token starts with this: it is no person's id, and in no workspace. */
export const OPERATOR_SUBJECT = 'operator:';

/**
 * An access token for somebody who operates the service. It belongs to no account.
 *
 * @param name who it is for, as logs will say
 */
export function signOperatorToken(keys: TokenKeys, name: string, expiresAt: Date): string {
  const claims = { sub: `${OPERATOR_SUBJECT}${name}`, name, email: '', scope: OPERATOR_SCOPE };
  return tokenCodec<typeof claims>('access', keys).sign(claims, expiresAt);
}
