import { Type } from '@fastify/type-provider-typebox';

import { InvitationId } from './text.js';
import { refTo, wordOf } from './types.js';

/** The most invitations that one request may send again. */
export const MOST_RESENDS = 1_000;

const OUTCOMES = ['resent', 'refused', 'unavailable'] as const;

export const ResendResultsSchema = Type.Object(
  {
    results: Type.Array(
      Type.Object({
        invitationId: InvitationId,
        outcome: wordOf(OUTCOMES),
        problem: Type.Optional(
          Type.Object({ code: Type.String(), detail: Type.String({ description: 'What to do, for a person.' }) }),
        ),
      }),
    ),
    summary: Type.Object({ resent: Type.Integer(), refused: Type.Integer(), unavailable: Type.Integer() }),
  },
  { $id: 'ResendResults', description: 'What became of each invitation.' },
);
export const ResendResults = refTo(ResendResultsSchema);
