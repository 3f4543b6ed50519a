import { Type } from '@fastify/type-provider-typebox';

import { Email, PersonName, UserId } from './text.js';
import { refTo, wordOf } from './types.js';

export const AccountSchema = Type.Object(
  { id: UserId, email: Email, name: PersonName },
  { $id: 'Account', description: 'Somebody who can sign in.' },
);
export const Account = refTo(AccountSchema);

const AccessToken = {
  accessToken: Type.String({ description: 'Send it as Authorization: Bearer.' }),
  tokenType: wordOf(['Bearer']),
  expiresIn: Type.Integer({ description: 'Seconds.', examples: [900] }),
};

export const SessionSchema = Type.Object({ ...AccessToken, account: Account }, { $id: 'Session' });
export const Session = refTo(SessionSchema);

/** For an answer that may come with an access token. */
export const PerhapsAccessToken = {
  accessToken: Type.Optional(AccessToken.accessToken),
  tokenType: Type.Optional(AccessToken.tokenType),
  expiresIn: Type.Optional(AccessToken.expiresIn),
};
