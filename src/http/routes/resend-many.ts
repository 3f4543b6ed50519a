import { Type } from '@fastify/type-provider-typebox';

import { readStanding } from '../../commands/authority.js';
import { requireAdministrator } from '../../domain/workspace/workspace.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { openInvitations, resendAll } from '../recipients/resend-all.js';
import { callerContext } from '../requests/command-context.js';
import { awaitPosition, tellPosition } from '../requests/event-position.js';
import { MutationHeaders, QueryHeaders } from '../schemas/headers.js';
import { MOST_RESENDS, ResendResults } from '../schemas/resend.js';
import { InvitationId } from '../schemas/text.js';
import { Closed, wordOf } from '../schemas/types.js';
import { WorkspaceParams } from '../schemas/workspace.js';
import type { TypedApp } from '../typed-app.js';

export function resendManyRoute(app: TypedApp, dependencies: HttpDependencies): void {
  const { aggregates, now } = dependencies;

  app.post(
    '/workspaces/:workspaceId/invitations/resend',
    {
      schema: {
        tags: ['Invitations'],
        operationId: 'resendInvitations',
        summary: 'Send many invitations again',
        description: `Those that are named, or all of a status; up to ${MOST_RESENDS}. One result per invitation; one that cannot be sent again costs no other.`,
        headers: Type.Object({ ...MutationHeaders.properties, ...QueryHeaders.properties }),
        params: WorkspaceParams,
        body: Closed({
          invitationIds: Type.Optional(Type.Array(InvitationId, { minItems: 1, maxItems: MOST_RESENDS })),
          status: Type.Optional(wordOf(['waiting', 'expired'], { description: 'All invitations of this status.' })),
        }),
        response: { 202: ResendResults },
      },
      config: { problems: ['workspace-not-found', 'not-allowed', 'too-many-recipients'] },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { userId } = callerOf(request);
      const { role } = await readStanding(aggregates, workspaceId, userId);
      requireAdministrator(role);
      await awaitPosition(request, 'users-tab', dependencies);
      const ids = await idsOf(workspaceId, request.body, dependencies);
      const resent = await resendAll(workspaceId, userId, ids, callerContext(request, now()), dependencies);
      request.isFinal = resent.isComplete;
      tellPosition(reply, resent.position);
      return reply.code(202).send(resent.answer);
    },
  );
}

interface Wanted {
  readonly invitationIds?: readonly string[];
  readonly status?: 'waiting' | 'expired';
}

async function idsOf(
  workspaceId: string,
  { invitationIds, status }: Wanted,
  dependencies: HttpDependencies,
): Promise<readonly string[]> {
  if (invitationIds && !status) return invitationIds;
  if (status && !invitationIds) return openInvitations(workspaceId, status, dependencies);
  const detail = 'Give either invitationIds or status.';
  throw new Problem('invalid-request', detail, { errors: [{ pointer: '#', detail }] });
}
