import { Type } from '@fastify/type-provider-typebox';

import { MOST_RECIPIENTS } from '../recipients/recipients.js';
import { ADVICE } from './advice.js';
import { Limit } from './limit.js';
import { InvitableRole } from './roles.js';
import { Email, Instant, InvitationId, Locale, Message, PersonName, UserId } from './text.js';
import { Closed, refTo, wordOf } from './types.js';
import { WarningSchema } from './user.js';

const OUTCOMES = [
  'invited',
  'already-invited',
  'already-member',
  'duplicate',
  'invalid-address',
  'not-allowed',
  'throttled',
  'unavailable',
] as const;
export type BatchOutcome = (typeof OUTCOMES)[number];

export const Recipients = Type.Union(
  [
    Type.String({
      maxLength: 2_000_000,
      description:
        'Pasted text: addresses with or without names, separated by commas, semicolons or line ends; or a sheet.',
      examples: ['Ana Souza <ana@example.com>, bob@example.com'],
    }),
    Type.Array(
      Closed({
        email: Email,
        role: Type.Optional(InvitableRole),
        name: Type.Optional(PersonName),
        locale: Type.Optional(Locale),
        message: Type.Optional(Message),
      }),
      { maxItems: MOST_RECIPIENTS },
    ),
  ],
  { description: `Whom to invite: pasted text or a list, of up to ${MOST_RECIPIENTS} people.` },
);

export const BatchResultSchema = Type.Object(
  {
    line: Type.Integer({ description: 'Where it stood: the line of the text, or the place in the list, from 1.' }),
    input: Type.String({ description: 'As it was given.' }),
    email: Type.Optional(Email),
    outcome: wordOf(OUTCOMES),
    userId: Type.Optional(UserId),
    invitationId: Type.Optional(InvitationId),
    delivery: Type.Optional(
      wordOf(['suppressed'], { description: 'Where the person is invited, and the address is sent no mails.' }),
    ),
    warning: Type.Optional(WarningSchema),
    problem: Type.Optional(
      Type.Object({
        ...ADVICE,
        fault: Type.Optional(Type.String({ description: 'What is wrong with an address, for programs.' })),
        possibleAt: Type.Optional(Instant('When the person can be invited, of a line that is throttled.')),
        limit: Type.Optional(Limit),
      }),
    ),
  },
  { $id: 'BatchResult', description: 'What became of one entry.' },
);

export const BatchSchema = Type.Object(
  {
    results: Type.Array(refTo(BatchResultSchema), { description: 'One per entry, in order.' }),
    summary: Type.Object(
      {
        invited: Type.Integer(),
        'already-invited': Type.Integer(),
        'already-member': Type.Integer(),
        duplicate: Type.Integer(),
        'invalid-address': Type.Integer(),
        'not-allowed': Type.Integer(),
        throttled: Type.Integer(),
        unavailable: Type.Integer(),
      },
      { description: 'How many entries came to each outcome.' },
    ),
  },
  { $id: 'Batch' },
);
export const Batch = refTo(BatchSchema);
