import { Type } from '@fastify/type-provider-typebox';

import { ADVICE } from './advice.js';
import { InvitationId } from './text.js';
import { Closed, refTo, wordOf } from './types.js';

/** The most invitations that one request may withdraw. */
export const MOST_REVOCATIONS = 1_000;

export const RevokeRequest = Closed({
  invitationIds: Type.Array(InvitationId, { minItems: 1, maxItems: MOST_REVOCATIONS }),
});

const OUTCOMES = ['revoked', 'refused', 'unavailable'] as const;

export const RevokeResultsSchema = Type.Object(
  {
    results: Type.Array(
      Type.Object({
        invitationId: InvitationId,
        outcome: wordOf(OUTCOMES),
        problem: Type.Optional(Type.Object(ADVICE)),
      }),
    ),
    summary: Type.Object({ revoked: Type.Integer(), refused: Type.Integer(), unavailable: Type.Integer() }),
  },
  { $id: 'RevokeResults', description: 'What became of each invitation.' },
);
export const RevokeResults = refTo(RevokeResultsSchema);
