import { Type } from '@fastify/type-provider-typebox';

import type { AccountState } from '../../domain/account/account.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { callerContext } from '../requests/command-context.js';
import { awaitPosition, tellPosition } from '../requests/event-position.js';
import { Account } from '../schemas/account.js';
import { MutationHeaders, QueryHeaders } from '../schemas/headers.js';
import { AnyRole } from '../schemas/roles.js';
import { PersonName, WorkspaceId, WorkspaceName } from '../schemas/text.js';
import { Closed } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';

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
            account: Account,
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
        account: accountView(userId, account),
        workspaces: workspaces.map(({ workspaceId: id, name, role }) => ({ id, name, role })),
      };
    },
  );

  app.patch(
    '/me',
    {
      schema: {
        tags: ['Me'],
        operationId: 'renameMe',
        summary: 'Change my name',
        headers: MutationHeaders,
        body: Closed({ name: PersonName }),
        response: { 200: Account },
      },
      config: { problems: ['invalid-name'] },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const context = callerContext(request, now());
      const { state, position } = await accounts.rename(userId, request.body.name, context);
      tellPosition(reply, position);
      return accountView(userId, state);
    },
  );
}

function accountView(id: string, account: AccountState) {
  if (account.status !== 'registered') throw new Problem('invalid-access-token');
  const { email, name } = account;
  return { id, email, name };
}
