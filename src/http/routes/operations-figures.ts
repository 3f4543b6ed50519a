import { Type } from '@fastify/type-provider-typebox';

import type { HttpDependencies } from '../dependencies.js';
import { Closed, nullable } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';

const DAY = 24 * 60 * 60 * 1000;
const Count = Type.Integer();

/** For operators: how invitations fare, over all workspaces. */
export function figuresRoute(app: TypedApp, { usersTab, now }: Pick<HttpDependencies, 'usersTab' | 'now'>): void {
  app.get(
    '/operations/invitation-figures',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'getInvitationFigures',
        summary: 'Invitations by outcome, and how long accepting took',
        description: 'Of all workspaces. Of everybody, their newest invitation to each.',
        querystring: Closed({
          days: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 366, description: 'Made in so many days; 30 where it is absent.' }),
          ),
        }),
        response: {
          200: Type.Object({
            outcomes: Type.Object({
              waiting: Count,
              accepted: Count,
              declined: Count,
              expired: Count,
              revoked: Count,
            }),
            timeToAccept: Type.Array(
              Type.Object({
                within: nullable(Type.Integer(), { description: 'Seconds; null for whatever is longer.' }),
                invitations: Type.Integer({ description: 'Not counted with a shorter time.' }),
              }),
            ),
            medianSecondsToAccept: nullable(Type.Number(), { description: 'Null where nobody has accepted.' }),
          }),
        },
      },
      config: { problems: ['operator-required'] },
    },
    async ({ query: { days = 30 } }) => {
      const { timeToAccept, ...figures } = await usersTab.figures(new Date(now().getTime() - days * DAY));
      return { ...figures, timeToAccept: [...timeToAccept] };
    },
  );
}
