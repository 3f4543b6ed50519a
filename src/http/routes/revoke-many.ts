import { readStanding } from '../../commands/authority.js';
import { requireAdministrator } from '../../domain/workspace/workspace.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { dealWithEach } from '../recipients/each-invitation.js';
import { callerContext } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { MutationHeaders } from '../schemas/headers.js';
import { MOST_REVOCATIONS, RevokeRequest, RevokeResults } from '../schemas/revoke.js';
import { WorkspaceParams } from '../schemas/workspace.js';
import type { TypedApp } from '../typed-app.js';

export function revokeManyRoute(app: TypedApp, { aggregates, invitations, now }: HttpDependencies): void {
  app.post(
    '/workspaces/:workspaceId/invitations/revoke',
    {
      schema: {
        tags: ['Invitations'],
        operationId: 'revokeInvitations',
        summary: 'Withdraw many invitations',
        description: `Up to ${MOST_REVOCATIONS} in one request. One result per invitation, in order, each once; one that cannot be withdrawn costs no other.`,
        headers: MutationHeaders,
        params: WorkspaceParams,
        body: RevokeRequest,
        response: { 200: RevokeResults },
      },
      config: { problems: ['workspace-not-found', 'not-allowed'] },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { userId } = callerOf(request);
      // Whoever may withdraw none is refused once, and that is recorded; not once for each.
      const { role } = await readStanding(aggregates, workspaceId, userId);
      requireAdministrator(role);
      const context = callerContext(request, now());
      const { results, count, position, isComplete } = await dealWithEach(
        request.body.invitationIds,
        'revoked',
        (invitationId) => invitations.revoke(workspaceId, userId, invitationId, context),
      );
      request.isFinal = isComplete;
      tellPosition(reply, position);
      const summary = { revoked: count('revoked'), refused: count('refused'), unavailable: count('unavailable') };
      return { results: [...results], summary };
    },
  );
}
