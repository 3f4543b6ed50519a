import { Type } from '@fastify/type-provider-typebox';

import { USER_SORTS } from '../../../projections/users-tab/selection.js';
import { readStanding } from '../../commands/authority.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { callerContext } from '../requests/command-context.js';
import { awaitPosition, tellPosition } from '../requests/event-position.js';
import { pastInstant } from '../requests/instants.js';
import { MutationHeaders, QueryHeaders } from '../schemas/headers.js';
import { AnyRole, InvitableRole } from '../schemas/roles.js';
import { Instant, Line, UserId, WorkspaceId } from '../schemas/text.js';
import { Closed, nothing, wordOf } from '../schemas/types.js';
import { Counts, Status, User } from '../schemas/user.js';
import { WorkspaceParams } from '../schemas/workspace.js';
import type { TypedApp } from '../typed-app.js';
import { viewOfHistory, viewsAsOf, viewsOf } from '../views/users.js';

const UserParams = Type.Object({ workspaceId: WorkspaceId, userId: UserId });

const UsersQuery = Closed({
  asOf: Type.Optional(
    Instant('The users tab as it stood then, and not now. Nobody, before the workspace was founded.'),
  ),
  search: Type.Optional(
    Line({ maxLength: 100, description: 'Part of a name or an address; case and accents do not count.' }),
  ),
  status: Type.Optional(
    Type.Array(Status, {
      minItems: 1,
      description:
        'One or more: repeated, or separated by commas. Everybody but the revoked and the removed where it is absent.',
    }),
  ),
  role: Type.Optional(
    Type.Array(AnyRole, { minItems: 1, description: 'One or more: repeated, or separated by commas.' }),
  ),
  sort: Type.Optional(wordOf(USER_SORTS, { description: 'A minus turns it round. -invitedAt where it is absent.' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, description: 'People a page; 50 where it is absent.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'The nextCursor of the page before, with the same sort and asOf.',
    }),
  ),
});

/** The users tab: the people of a workspace, whatever became of their invitation. */
export function userRoutes(app: TypedApp, dependencies: HttpDependencies): void {
  const { aggregates, usersTab, userHistory, members, now } = dependencies;

  app.get(
    '/workspaces/:workspaceId/users',
    {
      schema: {
        tags: ['Users'],
        operationId: 'listUsers',
        summary: 'The users tab',
        description: 'For anybody who is in the workspace now, whatever it is asked as of.',
        headers: QueryHeaders,
        params: WorkspaceParams,
        querystring: UsersQuery,
        response: {
          200: Type.Object({
            items: Type.Array(User),
            nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page. Absent on the last one.' })),
            counts: Counts,
          }),
        },
      },
      config: { problems: ['workspace-not-found', 'invalid-cursor', 'future-instant'] },
    },
    async (request) => {
      const { workspaceId } = request.params;
      const caller = callerOf(request);
      await readStanding(aggregates, workspaceId, caller.userId);
      const { asOf: asked, sort = '-invitedAt', limit = 50, ...filters } = request.query;
      const query = { ...filters, sort, limit };
      const asOf = asked === undefined ? undefined : pastInstant('asOf', asked, now());
      await awaitPosition(request, asOf === undefined ? 'users-tab' : 'user-history', dependencies);
      const { rows, nextCursor, counts } = await (asOf === undefined
        ? usersTab.list(workspaceId, query)
        : userHistory.list(workspaceId, asOf, query));
      const items = await (asOf === undefined
        ? viewsOf(rows, workspaceId, caller, dependencies)
        : viewsAsOf(rows, workspaceId, asOf, dependencies));
      return { items, ...(nextCursor === undefined ? {} : { nextCursor }), counts };
    },
  );

  app.get(
    '/workspaces/:workspaceId/users/:userId',
    {
      schema: {
        tags: ['Users'],
        operationId: 'getUser',
        summary: 'One person',
        headers: QueryHeaders,
        params: UserParams,
        response: { 200: User },
      },
      config: { problems: ['workspace-not-found', 'user-not-found'] },
    },
    async (request) => {
      const { workspaceId, userId } = request.params;
      const caller = callerOf(request);
      await readStanding(aggregates, workspaceId, caller.userId);
      await awaitPosition(request, 'users-tab', dependencies);
      const row = await usersTab.get(workspaceId, userId);
      if (!row) throw new Problem('user-not-found');
      const [view] = await viewsOf([row], workspaceId, caller, dependencies);
      return view;
    },
  );

  app.patch(
    '/workspaces/:workspaceId/users/:userId',
    {
      schema: {
        tags: ['Users'],
        operationId: 'changePermission',
        summary: 'Change what somebody may do',
        headers: MutationHeaders,
        params: UserParams,
        body: Closed({ role: InvitableRole }),
        response: { 200: User },
      },
      config: { problems: ['workspace-not-found', 'not-allowed', 'user-not-found', 'not-active', 'owner-required'] },
    },
    async (request, reply) => {
      const { workspaceId, userId } = request.params;
      const caller = callerOf(request);
      const { history, position } = await members.changePermission(
        workspaceId,
        caller.userId,
        userId,
        request.body.role,
        callerContext(request, now()),
      );
      tellPosition(reply, position);
      const view = await viewOfHistory(history, workspaceId, caller, dependencies);
      // What active people are called is told by their accounts, which the read model follows too.
      const known = await usersTab.get(workspaceId, userId);
      return known?.status === 'active' ? { ...view, name: known.name } : view;
    },
  );

  app.delete(
    '/workspaces/:workspaceId/users/:userId',
    {
      schema: {
        tags: ['Users'],
        operationId: 'removeUser',
        summary: 'Remove somebody from the workspace, or leave it',
        description: 'Anybody but the owner may leave: by removing themselves.',
        headers: MutationHeaders,
        params: UserParams,
        response: { 204: nothing('Removed.') },
      },
      config: { problems: ['workspace-not-found', 'not-allowed', 'user-not-found', 'not-active', 'owner-required'] },
    },
    async (request, reply) => {
      const { workspaceId, userId } = request.params;
      const context = callerContext(request, now());
      const { position } = await members.remove(workspaceId, callerOf(request).userId, userId, context);
      tellPosition(reply, position);
      return reply.code(204).send();
    },
  );
}
