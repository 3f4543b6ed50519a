import { Type } from '@fastify/type-provider-typebox';

import { ADVICE } from './advice.js';
import { Email, PersonName, UserId } from './text.js';
import { refTo } from './types.js';

export const RecipientsReadSchema = Type.Object(
  {
    entries: Type.Array(
      Type.Object({
        line: Type.Integer({ description: 'The line of the text, from 1.' }),
        input: Type.String({ description: 'As it stands in the text.' }),
        email: Type.Optional(Email),
        userId: Type.Optional({ ...UserId, description: 'The same for all spellings of an address.' }),
        name: Type.Optional(PersonName),
        problem: Type.Optional(
          Type.Object({
            ...ADVICE,
            fault: Type.String({ description: 'What is wrong with the address, for programs.' }),
          }),
        ),
      }),
    ),
  },
  { $id: 'RecipientsRead', description: 'Whom a text names: with an email, or the problem that it has.' },
);
export const RecipientsRead = refTo(RecipientsReadSchema);
