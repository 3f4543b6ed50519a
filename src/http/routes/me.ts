import { Type } from '@fastify/type-provider-typebox';

import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { callerContext } from '../requests/command-context.js';
import { awaitPosition, tellPosition } from '../requests/event-position.js';
import { Profile, ProfileChanges } from '../schemas/account.js';
import { MutationHeaders, QueryHeaders } from '../schemas/headers.js';
import { AnyRole } from '../schemas/roles.js';
import { WorkspaceId, WorkspaceName } from '../schemas/text.js';
import type { TypedApp } from '../typed-app.js';
import { profileView } from '../views/account-view.js';

/** The signed-in person themselves. */
export function meRoutes(app: TypedApp, dependencies: HttpDependencies): void {
  const { accounts, workspacesOf, now } = dependencies;

  app.get(
    '/me',
    {
      schema: {
        tags: ['Me'],
        operationId: 'getMe',
        summary: 'Who I am, and my workspaces',
        headers: QueryHeaders,
        response: {
          200: Type.Object({
            account: Profile,
            workspaces: Type.Array(Type.Object({ id: WorkspaceId, name: WorkspaceName, role: AnyRole }), {
              description: 'Those in which you are active, by name.',
            }),
          }),
        },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      await awaitPosition(request, 'workspaces', dependencies);
      const [account, workspaces] = await Promise.all([accounts.read(userId), workspacesOf.ofAccount(userId)]);
      return {
        account: profileView(userId, account),
        workspaces: workspaces.map(({ workspaceId: id, name, role }) => ({ id, name, role })),
      };
    },
  );

  app.patch(
    '/me',
    {
      schema: {
        tags: ['Me'],
        operationId: 'changeMe',
        summary: 'Change my name, my language, and which mails I get',
        headers: MutationHeaders,
        body: ProfileChanges,
        response: { 200: Profile },
      },
      config: { problems: ['invalid-name'] },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const context = callerContext(request, now());
      const { state, position } = await accounts.change(userId, request.body, context);
      tellPosition(reply, position);
      return profileView(userId, state);
    },
  );
}
