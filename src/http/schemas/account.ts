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

/** For an answer that may come with an access token. */
export const PerhapsAccessToken = {
  accessToken: Type.Optional(AccessToken.accessToken),
  tokenType: Type.Optional(AccessToken.tokenType),
  expiresIn: Type.Optional(AccessToken.expiresIn),
};

export const SessionSchema = Type.Object(
  { ...PerhapsAccessToken, account: Account },
  { $id: 'Session', description: 'With an access token, unless the session is kept by a cookie.' },
);
export const Session = refTo(SessionSchema);

/** For a body: whether the session that the request begins is kept by a cookie. */
export const AsCookie = Type.Optional(
  Type.Boolean({
    description:
      'For pages of this service: the answer sets a cookie, which no script can read, in place of an access token. Takes the header `X-CSRF: 1`.',
  }),
);
