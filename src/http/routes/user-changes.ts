import { Type } from '@fastify/type-provider-typebox';

import type { UserInBrief } from '../../../projections/user-history/queries.js';
import { readStanding } from '../../commands/authority.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { awaitPosition } from '../requests/event-position.js';
import { pastInstant } from '../requests/instants.js';
import { QueryHeaders } from '../schemas/headers.js';
import { AnyRole } from '../schemas/roles.js';
import { Email, Instant, PersonName, UserId } from '../schemas/text.js';
import { Closed, nullable, wordOf } from '../schemas/types.js';
import { Status } from '../schemas/user.js';
import { WorkspaceParams } from '../schemas/workspace.js';
import type { TypedApp } from '../typed-app.js';

const InBrief = Type.Object({ email: Email, name: nullable(PersonName), role: AnyRole, status: Status });
const SHOWN = ['status', 'role', 'name', 'email'] as const satisfies readonly (keyof UserInBrief)[];

const Change = Type.Object({
  userId: UserId,
  changed: Type.Array(wordOf(SHOWN), { description: 'What is not as it was; all of it for somebody who is new.' }),
  before: nullable(InBrief, { description: 'Null for somebody who was not there yet.' }),
  after: InBrief,
});

/** What became of the people of a workspace between two instants. */
export function userChangesRoute(app: TypedApp, dependencies: HttpDependencies): void {
  const { aggregates, userHistory, now } = dependencies;

  app.get(
    '/workspaces/:workspaceId/users/changes',
    {
      schema: {
        tags: ['Users'],
        operationId: 'listUserChanges',
        summary: 'The difference between two instants',
        description:
          'Everybody of whom the users tab shows something else at `to` than at `from`, once; what changed and changed back is no difference. For anybody who is in the workspace now.',
        headers: QueryHeaders,
        params: WorkspaceParams,
        querystring: Closed({
          from: Instant('The earlier instant.'),
          to: Type.Optional(Instant('The later instant; now where it is absent.')),
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 200, description: 'People a page; 50 where it is absent.' }),
          ),
          cursor: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 1000,
              description: 'The nextCursor of the page before, with the same from, and the `to` of that answer.',
            }),
          ),
        }),
        response: {
          200: Type.Object({
            to: Instant('The later instant.'),
            items: Type.Array(Change),
            nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page. Absent on the last one.' })),
          }),
        },
      },
      config: { problems: ['workspace-not-found', 'invalid-cursor', 'future-instant'] },
    },
    async (request) => {
      const { workspaceId } = request.params;
      await readStanding(aggregates, workspaceId, callerOf(request).userId);
      const { from: earlier, to: later, limit = 50, cursor } = request.query;
      const from = pastInstant('from', earlier, now());
      const to = later === undefined ? now().toISOString() : pastInstant('to', later, now());
      if (from > to) {
        const detail = 'Give an instant that is not after `to`.';
        throw new Problem('invalid-request', undefined, { errors: [{ parameter: 'from', detail }] });
      }
      await awaitPosition(request, 'user-history', dependencies);
      const span = { from, to, limit, ...(cursor === undefined ? {} : { cursor }) };
      const { changes, nextCursor } = await userHistory.changes(workspaceId, span);
      return {
        to,
        items: changes.map(({ user_id: userId, before, after }) => ({
          userId,
          changed: SHOWN.filter((what) => before?.[what] !== after[what] || !before),
          before,
          after,
        })),
        ...(nextCursor === undefined ? {} : { nextCursor }),
      };
    },
  );
}
