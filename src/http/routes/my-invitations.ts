import { Type } from '@fastify/type-provider-typebox';

import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { callerContext } from '../requests/command-context.js';
import { awaitPosition, tellPosition } from '../requests/event-position.js';
import { MutationHeaders, QueryHeaders } from '../schemas/headers.js';
import { Accepted } from '../schemas/invitation.js';
import { InvitableRole } from '../schemas/roles.js';
import { Instant, InvitationId, PersonName, UserId, WorkspaceId, WorkspaceName } from '../schemas/text.js';
import { nothing, nullable } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';
import { acceptedView } from '../views/accepted-view.js';

const MyInvitation = Type.Object({
  id: InvitationId,
  workspace: Type.Object({ id: WorkspaceId, name: WorkspaceName }),
  role: InvitableRole,
  invitedBy: Type.Object({ id: UserId, name: nullable(PersonName) }),
  expiresAt: Instant('When it stops being good.'),
});

const Params = Type.Object({ invitationId: InvitationId });

const REFUSALS = [
  'invitation-not-found',
  'inviter-not-allowed',
  'invitation-already-accepted',
  'invitation-expired',
  'invitation-superseded',
  'invitation-revoked',
  'invitation-declined',
] as const;

/** Invitations of somebody who is signed in: their session says that the address is theirs, so no link is needed. */
export function myInvitationRoutes(app: TypedApp, dependencies: HttpDependencies): void {
  const { links, workspacesOf, now } = dependencies;

  app.get(
    '/me/invitations',
    {
      schema: {
        tags: ['Me'],
        operationId: 'listMyInvitations',
        summary: 'Invitations that I can accept',
        headers: QueryHeaders,
        response: { 200: Type.Object({ items: Type.Array(MyInvitation, { description: 'Newest first.' }) }) },
      },
    },
    async (request) => {
      await awaitPosition(request, 'workspaces', dependencies);
      const found = await workspacesOf.invitationsOf(callerOf(request).userId);
      return {
        items: found.map(
          ({ invitationId: id, workspaceId, workspaceName, role, invitedBy, inviterName, expiresAt }) => ({
            id,
            workspace: { id: workspaceId, name: workspaceName },
            role,
            invitedBy: { id: invitedBy, name: inviterName },
            expiresAt,
          }),
        ),
      };
    },
  );

  app.post(
    '/me/invitations/:invitationId/accept',
    {
      schema: {
        tags: ['Me'],
        operationId: 'acceptMyInvitation',
        summary: 'Accept an invitation',
        headers: MutationHeaders,
        params: Params,
        response: { 200: Accepted },
      },
      config: { problems: REFUSALS },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const context = callerContext(request, now());
      const link = await links.newestIssue(request.params.invitationId, caller.userId);
      const outcome = await links.accept(link, caller.name, context);
      tellPosition(reply, outcome.position);
      return acceptedView(link.invitationId, outcome, caller, dependencies);
    },
  );

  app.post(
    '/me/invitations/:invitationId/decline',
    {
      schema: {
        tags: ['Me'],
        operationId: 'declineMyInvitation',
        summary: 'Decline an invitation',
        headers: MutationHeaders,
        params: Params,
        response: { 204: nothing('Declined.') },
      },
      config: { problems: REFUSALS },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const context = callerContext(request, now());
      const link = await links.newestIssue(request.params.invitationId, userId);
      const { position } = await links.decline(link, context);
      tellPosition(reply, position);
      return reply.code(204).send();
    },
  );
}
