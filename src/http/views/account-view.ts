import type { Static } from '@fastify/type-provider-typebox';

import type { AccountState } from '../../domain/account/account.js';
import { Problem } from '../problems/problem.js';
import type { ProfileSchema } from '../schemas/account.js';

/** Somebody's account as they see it themselves. @throws Problem `invalid-access-token` where there is none any more */
export function profileView(id: string, account: AccountState): Static<typeof ProfileSchema> {
  if (account.status !== 'registered') throw new Problem('invalid-access-token');
  const { email, name, locale = null, notifications } = account;
  return { id, email, name, locale, notifications };
}
