import { readStanding } from '../../commands/authority.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { callerContext } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { BrandChanges } from '../schemas/brand.js';
import { MutationHeaders } from '../schemas/headers.js';
import { Workspace, WorkspaceParams } from '../schemas/workspace.js';
import type { TypedApp } from '../typed-app.js';
import { workspaceView } from '../views/workspace-view.js';

export function workspaceBrandRoutes(app: TypedApp, { workspaces, aggregates, now, config }: HttpDependencies): void {
  app.patch(
    '/workspaces/:workspaceId/brand',
    {
      schema: {
        tags: ['Workspaces'],
        operationId: 'changeBrand',
        summary: 'Change how a workspace looks to those it invites',
        description:
          'Name, logo and accent colour of the mails of this workspace, and of the page where people accept. What is left out stays; null takes it away.',
        headers: MutationHeaders,
        params: WorkspaceParams,
        body: BrandChanges,
        response: { 200: Workspace },
      },
      config: { problems: ['workspace-not-found', 'not-allowed', 'invalid-name', 'invalid-logo', 'invalid-colour'] },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { userId } = callerOf(request);
      const context = callerContext(request, now());
      const { position } = await workspaces.changeBrand(workspaceId, userId, request.body, config.logoHosts, context);
      const { workspace, role } = await readStanding(aggregates, workspaceId, userId);
      tellPosition(reply, position);
      return workspaceView(workspaceId, workspace, role);
    },
  );
}
