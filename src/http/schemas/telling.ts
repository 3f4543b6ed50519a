import { Type } from '@fastify/type-provider-typebox';

import { HISTORY_LOCALES } from '../audit/words/words.js';
import { wordOf } from './types.js';

/** How a history is told: of a query. */
export const TELLING = {
  locale: Type.Optional(
    wordOf(HISTORY_LOCALES, { description: 'The language of the words; by Accept-Language where it is absent.' }),
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
