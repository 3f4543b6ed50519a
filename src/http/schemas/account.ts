import { Type } from '@fastify/type-provider-typebox';

import { LOCALES } from '../../mail/render.js';
import { Email, Locale, PersonName, UserId } from './text.js';
import { Closed, nullable, refTo, wordOf } from './types.js';

export const AccountSchema = Type.Object(
  { id: UserId, email: Email, name: PersonName },
  { $id: 'Account', description: 'Somebody who can sign in.' },
);
export const Account = refTo(AccountSchema);

const digests = Type.Boolean({
  description: 'Summaries of what became of the invitations that I answer for.',
});
const renewalRequests = Type.Boolean({ description: 'Mails that somebody asks for a new link.' });

export const ProfileSchema = Type.Object(
  {
    ...AccountSchema.properties,
    locale: nullable(Locale, {
      description: 'Language of the mails to me; null where none is known, and the usual one is taken.',
    }),
    notifications: Type.Object(
      { digests, renewalRequests },
      { description: 'Which mails I get that I can do without.' },
    ),
  },
  { $id: 'Profile', description: 'My account, as I see it myself.' },
);
export const Profile = refTo(ProfileSchema);

/** For a body. */
export const ProfileChanges = Closed(
  {
    name: Type.Optional(PersonName),
    locale: Type.Optional(wordOf(LOCALES, { description: 'Language of the mails to me.' })),
    notifications: Type.Optional(
      Closed({ digests: Type.Optional(digests), renewalRequests: Type.Optional(renewalRequests) }),
    ),
  },
  { minProperties: 1, description: 'What is left out stays as it is.' },
);

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
