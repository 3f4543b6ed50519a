import { Type } from '@fastify/type-provider-typebox';

import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { MutationHeaders } from '../schemas/headers.js';
import { QueuedMail, Reactor } from '../schemas/operations.js';
import { Closed } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';

/** For operators: the reactor, and the mails that it has called for. */
export function reactorRoutes(app: TypedApp, { reactor }: Pick<HttpDependencies, 'reactor'>): void {
  const config = { problems: ['operator-required'] } as const;

  app.get(
    '/operations/reactor',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'getReactor',
        summary: 'How far the reactor is, who leads it, and its queue',
        response: { 200: Reactor },
      },
      config,
    },
    () => reactor.status(),
  );

  app.get(
    '/operations/mail',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'listQueuedMails',
        summary: 'The mails that wait, those first that are due first',
        querystring: Closed({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '50 where it is absent.' })),
        }),
        response: { 200: Type.Object({ items: Type.Array(QueuedMail) }) },
      },
      config,
    },
    async ({ query: { limit = 50 } }) => ({ items: await reactor.mails(limit) }),
  );

  app.post(
    '/operations/mail/retry',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'retryMails',
        summary: 'Make mails that wait due now',
        headers: MutationHeaders,
        body: Closed({
          job: Type.Optional(Type.Integer({ minimum: 1, description: 'The only one; all where absent.' })),
        }),
        response: { 200: Type.Object({ due: Type.Integer({ description: 'How many.' }) }) },
      },
      config,
    },
    async (request) => {
      const due = await reactor.retryMails(request.body.job);
      request.log.info({ by: callerOf(request).userId, due }, 'an operator has made mails due');
      return { due };
    },
  );
}
