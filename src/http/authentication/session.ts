import type { Static } from '@fastify/type-provider-typebox';

import type { AccountState } from '../../domain/account/account.js';
import type { SessionSchema } from '../schemas/account.js';
import type { AccessTokens } from './access-tokens.js';

export type Session = Static<typeof SessionSchema>;

/** A new session of somebody who has just been registered, or was before. */
export function sessionOf(userId: string, account: AccountState, tokens: AccessTokens): Session {
  if (account.status !== 'registered') throw new TypeError('there is no account to sign in to');
  const { email, name } = account;
  return {
    accessToken: tokens.sign({ userId, email, name }),
    tokenType: 'Bearer',
    expiresIn: tokens.seconds,
    account: { id: userId, email, name },
  };
}
