import { Type } from '@fastify/type-provider-typebox';

import { ADVICE } from './advice.js';
import { Limit } from './limit.js';
import { Instant, InvitationId } from './text.js';
import { Closed, refTo, wordOf } from './types.js';
import { DELIVERY_STATUSES, WarningSchema } from './user.js';

/** The most invitations that one request may send again. */
export const MOST_RESENDS = 1_000;

const STATUSES = ['waiting', 'expired'] as const;

/** Names invitations one by one, or by what holds for them. */
export const ResendRequest = Closed({
  invitationIds: Type.Optional(Type.Array(InvitationId, { minItems: 1, maxItems: MOST_RESENDS })),
  status: Type.Optional(wordOf(STATUSES, { description: 'The same as a filter by this status alone.' })),
  filter: Type.Optional(
    Closed(
      {
        status: Type.Optional(
          Type.Array(wordOf(STATUSES), { minItems: 1, description: 'Waiting and expired ones where it is absent.' }),
        ),
        delivery: Type.Optional(
          Type.Array(wordOf(DELIVERY_STATUSES), { minItems: 1, description: 'What became of the newest mail.' }),
        ),
        invitedBefore: Type.Optional(Instant('When the invitation was made at the latest, sent again since or not.')),
      },
      { minProperties: 1, description: 'Those invitations for which all of it holds, the oldest first.' },
    ),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MOST_RESENDS,
      description: `How many at a time; ${MOST_RESENDS} where it is absent.`,
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'The nextCursor of the answer before, to the same filter.',
    }),
  ),
});

const OUTCOMES = ['resent', 'refused', 'unavailable'] as const;

export const ResendResultsSchema = Type.Object(
  {
    results: Type.Array(
      Type.Object({
        invitationId: InvitationId,
        outcome: wordOf(OUTCOMES),
        delivery: Type.Optional(
          wordOf(['suppressed'], { description: 'Its mail will not go out: the warning says why.' }),
        ),
        warning: Type.Optional(WarningSchema),
        problem: Type.Optional(
          Type.Object({
            ...ADVICE,
            possibleAt: Type.Optional(Instant('When it can be sent again, where that was too soon.')),
            limit: Type.Optional(Limit),
          }),
        ),
      }),
    ),
    summary: Type.Object({ resent: Type.Integer(), refused: Type.Integer(), unavailable: Type.Integer() }),
    nextCursor: Type.Optional(
      Type.String({
        description: 'Of a filter that more invitations pass: sends the next ones again. Absent at the end.',
      }),
    ),
  },
  { $id: 'ResendResults', description: 'What became of each invitation.' },
);
export const ResendResults = refTo(ResendResultsSchema);
