import { Type } from '@fastify/type-provider-typebox';

import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { sayingWhom } from '../problems/saying-whom.js';
import { inviteAll } from '../recipients/batch.js';
import { readAddress, readRecipients } from '../recipients/recipients.js';
import { callerContext } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { fitName } from '../requests/names.js';
import { Batch, Recipients } from '../schemas/batch.js';
import { MutationHeaders } from '../schemas/headers.js';
import { InvitationParams } from '../schemas/invitation.js';
import { InvitableRole } from '../schemas/roles.js';
import { Email, Locale, Message, PersonName } from '../schemas/text.js';
import { Closed, nothing } from '../schemas/types.js';
import { User } from '../schemas/user.js';
import { LifetimeSeconds, WorkspaceParams } from '../schemas/workspace.js';
import { tellAllowance } from '../security/allowance-headers.js';
import type { TypedApp } from '../typed-app.js';
import { viewOfInvited } from '../views/invited-view.js';

/** Inviting people into a workspace, one by one or many at once. */
export function invitationRoutes(app: TypedApp, dependencies: HttpDependencies): void {
  const { invitations, digest, now, config } = dependencies;

  app.post(
    '/workspaces/:workspaceId/invitations',
    {
      schema: {
        tags: ['Invitations'],
        operationId: 'invite',
        summary: 'Invite somebody',
        headers: MutationHeaders,
        params: WorkspaceParams,
        body: Closed({
          email: Email,
          role: InvitableRole,
          name: Type.Optional(PersonName),
          locale: Type.Optional(Locale),
          message: Type.Optional(Message),
          lifetimeSeconds: Type.Optional(LifetimeSeconds),
        }),
        response: { 201: User },
      },
      config: {
        problems: [
          'workspace-not-found',
          'not-allowed',
          'invalid-address',
          'domain-not-allowed',
          'already-invited',
          'already-member',
          'invalid-lifetime',
          'resend-too-soon',
          'throttled',
        ],
        countsMails: true,
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { email: typed, name: givenName, ...details } = request.body;
      const caller = callerOf(request);
      const { email, address, name: nameBeside } = readAddress(typed);
      const userId = digest(address);
      const name = fitName(givenName) ?? nameBeside;
      const invitee = { ...details, ...(name && { name }), userId, email };
      const { history, position, allowance } = await invitations
        .invite(workspaceId, caller.userId, invitee, callerContext(request, now()))
        .catch((error) => {
          throw sayingWhom(error, userId);
        });
      tellPosition(reply, position);
      tellAllowance(reply, allowance);
      reply.code(201).header('location', `/v1/workspaces/${workspaceId}/users/${userId}`);
      return viewOfInvited(history, workspaceId, caller, dependencies);
    },
  );

  app.post(
    '/workspaces/:workspaceId/invitations/batch',
    {
      bodyLimit: config.bodyLimit,
      schema: {
        tags: ['Invitations'],
        operationId: 'inviteMany',
        summary: 'Invite many people',
        description:
          'One result per entry, in order; a bad entry costs no good one. Cut off, the request carries on where it stopped when it is sent again with its idempotency key.',
        headers: MutationHeaders,
        params: WorkspaceParams,
        body: Closed({
          recipients: Recipients,
          role: Type.Optional({ ...InvitableRole, description: 'Of those who have none of their own; developer.' }),
          locale: Type.Optional(Locale),
        }),
        response: { 200: Batch },
      },
      config: { problems: ['workspace-not-found', 'not-allowed', 'too-many-recipients'], countsMails: true },
    },
    async (request, reply) => {
      const { recipients, role = 'developer', locale } = request.body;
      const lines = readRecipients(recipients, { role, ...(locale && { locale }) }, digest);
      const { workspaceId } = request.params;
      const context = callerContext(request, now());
      const batch = await inviteAll(workspaceId, callerOf(request).userId, lines, context, dependencies);
      request.isFinal = batch.isComplete;
      tellPosition(reply, batch.position);
      tellAllowance(reply, batch.allowance);
      return batch.answer;
    },
  );

  app.post(
    '/workspaces/:workspaceId/invitations/:invitationId/resend',
    {
      schema: {
        tags: ['Invitations'],
        operationId: 'resendInvitation',
        summary: 'Send an invitation again',
        description: 'With a new link, which ends the older one, and a new expiry; also when it has expired.',
        headers: MutationHeaders,
        params: InvitationParams,
        body: Closed({ lifetimeSeconds: Type.Optional(LifetimeSeconds) }),
        response: { 202: User },
      },
      config: {
        problems: [
          'workspace-not-found',
          'not-allowed',
          'invitation-not-found',
          'invitation-not-open',
          'invitation-superseded',
          'domain-not-allowed',
          'invalid-lifetime',
          'resend-too-soon',
          'throttled',
        ],
        countsMails: true,
      },
    },
    async (request, reply) => {
      const { workspaceId, invitationId } = request.params;
      const caller = callerOf(request);
      const { history, position, allowance } = await invitations.resend(
        workspaceId,
        caller.userId,
        invitationId,
        callerContext(request, now()),
        request.body.lifetimeSeconds,
      );
      tellPosition(reply, position);
      tellAllowance(reply, allowance);
      reply.code(202);
      return viewOfInvited(history, workspaceId, caller, dependencies);
    },
  );

  app.delete(
    '/workspaces/:workspaceId/invitations/:invitationId',
    {
      schema: {
        tags: ['Invitations'],
        operationId: 'revokeInvitation',
        summary: 'Withdraw an invitation',
        headers: MutationHeaders,
        params: InvitationParams,
        response: { 204: nothing('Withdrawn.') },
      },
      config: {
        problems: [
          'workspace-not-found',
          'not-allowed',
          'invitation-not-found',
          'invitation-not-open',
          'invitation-superseded',
        ],
      },
    },
    async (request, reply) => {
      const { workspaceId, invitationId } = request.params;
      const { userId } = callerOf(request);
      const context = callerContext(request, now());
      const { position } = await invitations.revoke(workspaceId, userId, invitationId, context);
      tellPosition(reply, position);
      return reply.code(204).send();
    },
  );
}
