import { type Static, Type } from '@fastify/type-provider-typebox';

import type { OpenInvitationPage } from '../../../projections/users-tab/open-invitations.js';
import { readStanding } from '../../commands/authority.js';
import { requireAdministrator } from '../../domain/workspace/workspace.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { resendAll } from '../recipients/resend-all.js';
import { callerContext } from '../requests/command-context.js';
import { awaitPosition, tellPosition } from '../requests/event-position.js';
import { instantOf } from '../requests/instants.js';
import { MutationHeaders, QueryHeaders } from '../schemas/headers.js';
import { MOST_RESENDS, ResendRequest, ResendResults } from '../schemas/resend.js';
import { WorkspaceParams } from '../schemas/workspace.js';
import { tellAllowance } from '../security/allowance-headers.js';
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
        description: `Those that are named, or those that a filter finds in the users tab: up to ${MOST_RESENDS} in one request, the others by nextCursor. One result per invitation; one that cannot be sent again costs no other.`,
        headers: Type.Object({ ...MutationHeaders.properties, ...QueryHeaders.properties }),
        params: WorkspaceParams,
        body: ResendRequest,
        response: { 202: ResendResults },
      },
      config: { problems: ['workspace-not-found', 'not-allowed', 'invalid-cursor'], countsMails: true },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { userId } = callerOf(request);
      const { role } = await readStanding(aggregates, workspaceId, userId);
      requireAdministrator(role);
      await awaitPosition(request, 'users-tab', dependencies);
      const { ids, nextCursor } = await chosen(workspaceId, request.body, dependencies);
      const resent = await resendAll(workspaceId, userId, ids, callerContext(request, now()), dependencies);
      request.isFinal = resent.isComplete;
      tellPosition(reply, resent.position);
      tellAllowance(reply, resent.allowance);
      return reply.code(202).send({ ...resent.answer, ...(nextCursor === undefined ? {} : { nextCursor }) });
    },
  );
}

/** The invitations that a request is about. @throws Problem `invalid-request` */
async function chosen(
  workspaceId: string,
  { invitationIds, status, filter, limit, cursor }: Static<typeof ResendRequest>,
  { usersTab }: HttpDependencies,
): Promise<OpenInvitationPage> {
  const ways = [invitationIds, status, filter].filter((way) => way !== undefined);
  if (ways.length !== 1) throw invalid('#', 'Give either invitationIds, or filter, or status.');
  if (invitationIds) {
    if (limit !== undefined || cursor !== undefined) throw invalid('#', 'invitationIds are not cut into pages.');
    return { ids: invitationIds };
  }
  const { invitedBefore, ...rest } = filter ?? { status: status ? [status] : [] };
  const before = invitedBefore === undefined ? {} : { invitedBefore: instantOf('filter.invitedBefore', invitedBefore) };
  const page = { limit: limit ?? MOST_RESENDS, ...(cursor === undefined ? {} : { cursor }) };
  return usersTab.openInvitations(workspaceId, { ...rest, ...before, ...page });
}

function invalid(pointer: string, detail: string): Problem {
  return new Problem('invalid-request', detail, { errors: [{ pointer, detail }] });
}
