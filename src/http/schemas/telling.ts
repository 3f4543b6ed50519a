import { Type } from '@fastify/type-provider-typebox';

import { LANGUAGE_OF_HISTORY } from './text.js';

/** How a history is told: of a query. */
export const TELLING = {
  locale: Type.Optional(
    Type.String({
      pattern: LANGUAGE_OF_HISTORY,
      description:
        'The language of the words, and of which region times in them are written; by Accept-Language where it is absent.',
      examples: ['en-GB'],
    }),
  ),
  timeZone: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'The zone of the times in the words, by its name in the IANA database; UTC where it is absent.',
      examples: ['America/Sao_Paulo'],
    }),
  ),
};
