import type { Readable } from 'node:stream';
import { Type } from '@fastify/type-provider-typebox';

import { readStanding } from '../../commands/authority.js';
import type { Position } from '../../event-store/event-store.js';
import { callerOf } from '../authentication/caller.js';
import { ChangeFeed } from '../changes/change-feed.js';
import type { OpenStreams } from '../changes/open-streams.js';
import { sendStream } from '../changes/send-stream.js';
import type { HttpDependencies } from '../dependencies.js';
import { FollowingHeaders, FollowingQuery } from '../schemas/following.js';
import { WorkspaceParams } from '../schemas/workspace.js';
import type { TypedApp } from '../typed-app.js';

const Events = Type.Unsafe<Readable>({
  type: 'string',
  description:
    'Server-sent events: `user` with `{user, counts}`, the user as `GET …/users/{userId}` shows them; `workspace` with `{workspace: {id, name}}` when it has another name; `ready` when all that was missed has been told; `reload` where it is too much to be told; `end` with the `code` of why nothing more comes.',
});

/** What changes in a users tab, as it changes. */
export function workspaceChangesRoute(app: TypedApp, dependencies: HttpDependencies, streams: OpenStreams): void {
  const feed = new ChangeFeed(dependencies, streams);
  app.addHook('preClose', async () => feed.close());

  app.get(
    '/workspaces/:workspaceId/changes',
    {
      schema: {
        tags: ['Users'],
        operationId: 'followUsers',
        summary: 'What changes in the users tab, as it changes',
        description:
          'Wait for `ready`, load the users tab, and put into it what comes. The id of an event is its position: sent as `Last-Event-ID`, as browsers do by themselves, or as `after`, nothing is missed. Ends when the caller leaves the workspace or the session ends.',
        headers: FollowingHeaders,
        params: WorkspaceParams,
        querystring: FollowingQuery,
        produces: ['text/event-stream'],
        response: { 200: Events },
      },
      config: { problems: ['workspace-not-found'] },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const caller = callerOf(request);
      await readStanding(dependencies.aggregates, workspaceId, caller.userId);
      const after = request.headers['last-event-id'] ?? request.query.after;
      return sendStream(reply, feed.open(workspaceId, caller, after as Position | undefined));
    },
  );
}
