import { Type } from '@fastify/type-provider-typebox';

import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { callerContext } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { MutationHeaders } from '../schemas/headers.js';
import { Line, UserId, WorkspaceId } from '../schemas/text.js';
import { Closed } from '../schemas/types.js';
import { User } from '../schemas/user.js';
import type { TypedApp } from '../typed-app.js';
import { viewOfHistory } from '../views/users.js';

/** Addresses that are sent no mails, because mails came back or were complained of. */
export function suppressionRoutes(app: TypedApp, dependencies: HttpDependencies): void {
  const { suppressions, now } = dependencies;

  app.post(
    '/workspaces/:workspaceId/users/:userId/lift-suppression',
    {
      schema: {
        tags: ['Users'],
        operationId: 'liftSuppression',
        summary: 'Let mails go to an address again',
        description:
          'For people who are invited or in the workspace, and whose mails came back or were reported as spam. Nothing is mailed by itself: send the invitation again.',
        headers: MutationHeaders,
        params: Type.Object({ workspaceId: WorkspaceId, userId: UserId }),
        body: Closed({
          reason: Line({
            minLength: 1,
            maxLength: 300,
            description: 'Why mails will arrive now; for the audit history.',
            examples: ['Ana says that her mailbox is back'],
          }),
        }),
        response: { 200: User },
      },
      config: { problems: ['workspace-not-found', 'not-allowed', 'user-not-found', 'invitation-not-open'] },
    },
    async (request, reply) => {
      const { workspaceId, userId } = request.params;
      const caller = callerOf(request);
      const context = callerContext(request, now());
      const lifted = await suppressions.lift(workspaceId, caller.userId, userId, request.body.reason, context);
      tellPosition(reply, lifted.position);
      return viewOfHistory(lifted.membership, workspaceId, caller, dependencies);
    },
  );
}
