import { Type } from '@fastify/type-provider-typebox';

import { readStanding } from '../../commands/authority.js';
import { derivedId } from '../../commands/command-context.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { inviteAll } from '../recipients/batch.js';
import { readRecipients } from '../recipients/recipients.js';
import { callerContext } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { asciiDomains } from '../requests/invitation-domains.js';
import { workspaceIdOf } from '../requests/workspace-id.js';
import { Batch, Recipients } from '../schemas/batch.js';
import { MutationHeaders } from '../schemas/headers.js';
import { InvitableRole } from '../schemas/roles.js';
import { Locale, UserId, WorkspaceName } from '../schemas/text.js';
import { Closed } from '../schemas/types.js';
import {
  InvitationDomainsChanges,
  LifetimeSeconds,
  RemindersChange,
  Workspace,
  WorkspaceParams,
} from '../schemas/workspace.js';
import { tellAllowance } from '../security/allowance-headers.js';
import type { TypedApp } from '../typed-app.js';
import { workspaceView } from '../views/workspace-view.js';

export function workspaceRoutes(app: TypedApp, dependencies: HttpDependencies): void {
  const { workspaces, aggregates, digest, now, config } = dependencies;

  app.post(
    '/workspaces',
    {
      bodyLimit: config.bodyLimit,
      schema: {
        tags: ['Workspaces'],
        operationId: 'createWorkspace',
        summary: 'Create a workspace, and invite people at once',
        description: 'You become its owner. Recipients are treated as in a batch of invitations.',
        headers: MutationHeaders,
        body: Closed({
          name: WorkspaceName,
          recipients: Type.Optional(Recipients),
          role: Type.Optional({
            ...InvitableRole,
            description: 'Of recipients who have none of their own; developer.',
          }),
          locale: Type.Optional(Locale),
        }),
        response: { 201: Type.Object({ workspace: Workspace, invitations: Type.Optional(Batch) }) },
      },
      config: { problems: ['invalid-name', 'too-many-recipients'], countsMails: true },
    },
    async (request, reply) => {
      const { name, recipients, role = 'developer', locale } = request.body;
      const caller = callerOf(request);
      const lines = readRecipients(recipients ?? [], { role, ...(locale && { locale }) }, digest);
      const context = callerContext(request, now());
      const workspaceId = workspaceIdOf(context.commandId);
      const { state, position } = await workspaces.create(workspaceId, name, caller, context);
      const workspace = workspaceView(workspaceId, state, 'owner');
      reply.code(201).header('location', `/v1/workspaces/${workspaceId}`);
      if (recipients === undefined) {
        tellPosition(reply, position);
        return { workspace };
      }
      // A command of its own: whoever founds the workspace and lists themselves too must not be taken for invited.
      const inviting = { ...context, commandId: derivedId(context.commandId, 'invitations') };
      const batch = await inviteAll(workspaceId, caller.userId, lines, inviting, dependencies);
      request.isFinal = batch.isComplete;
      tellAllowance(reply, batch.allowance);
      tellPosition(reply, batch.position > position ? batch.position : position);
      return { workspace, invitations: batch.answer };
    },
  );

  app.get(
    '/workspaces/:workspaceId',
    {
      schema: {
        tags: ['Workspaces'],
        operationId: 'getWorkspace',
        summary: 'A workspace',
        params: WorkspaceParams,
        response: { 200: Workspace },
      },
      config: { problems: ['workspace-not-found'] },
    },
    async (request) => {
      const { workspaceId } = request.params;
      const { workspace, role } = await readStanding(aggregates, workspaceId, callerOf(request).userId);
      return workspaceView(workspaceId, workspace, role);
    },
  );

  app.patch(
    '/workspaces/:workspaceId',
    {
      schema: {
        tags: ['Workspaces'],
        operationId: 'changeWorkspace',
        summary: 'Rename a workspace, or change whom it invites, how long its invitations live and who is reminded',
        headers: MutationHeaders,
        params: WorkspaceParams,
        body: Closed(
          {
            name: Type.Optional(WorkspaceName),
            invitationLifetimeSeconds: Type.Optional(LifetimeSeconds),
            reminders: Type.Optional(RemindersChange),
            invitationDomains: Type.Optional(InvitationDomainsChanges),
          },
          { minProperties: 1 },
        ),
        response: { 200: Workspace },
      },
      config: {
        problems: [
          'workspace-not-found',
          'not-allowed',
          'invalid-name',
          'invalid-lifetime',
          'invalid-reminders',
          'invalid-domain',
        ],
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { userId } = callerOf(request);
      const { invitationDomains: domains, reminders, ...others } = request.body;
      const { enabled: isOn, ...delay } = reminders ?? {};
      const changes = {
        ...others,
        ...(isOn === undefined ? {} : { reminders: { isOn, ...delay } }),
        ...(domains && { invitationDomains: asciiDomains(domains) }),
      };
      const { position } = await workspaces.change(workspaceId, userId, changes, callerContext(request, now()));
      const { workspace, role } = await readStanding(aggregates, workspaceId, userId);
      tellPosition(reply, position);
      return workspaceView(workspaceId, workspace, role);
    },
  );

  app.post(
    '/workspaces/:workspaceId/ownership-transfer',
    {
      schema: {
        tags: ['Workspaces'],
        operationId: 'transferOwnership',
        summary: 'Make another active member the owner',
        description: 'Only the owner can; they become an administrator.',
        headers: MutationHeaders,
        params: WorkspaceParams,
        body: Closed({ userId: { ...UserId, description: 'The new owner.' } }),
        response: { 200: Workspace },
      },
      config: { problems: ['workspace-not-found', 'owner-required', 'user-not-found', 'not-active'] },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { userId } = callerOf(request);
      const context = callerContext(request, now());
      const { position } = await workspaces.transferOwnership(workspaceId, userId, request.body.userId, context);
      const { workspace, role } = await readStanding(aggregates, workspaceId, userId);
      tellPosition(reply, position);
      return workspaceView(workspaceId, workspace, role);
    },
  );
}
