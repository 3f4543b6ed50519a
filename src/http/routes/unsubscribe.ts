import { Type } from '@fastify/type-provider-typebox';

import type { HttpDependencies } from '../dependencies.js';
import { commandContext } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { MutationHeaders } from '../schemas/headers.js';
import { Token } from '../schemas/text.js';
import { Closed, wordOf } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';

const Query = Closed({ token: { ...Token, description: 'As it stands in the link.' } });

/**
 * Turning off the mails that a link came in. The token stands in the query because mail programs post to the address they were given and
 * say nothing else (RFC 8058); no log has queries.
 */
export function unsubscribeRoutes(app: TypedApp, { accounts, unsubscribeTokens, config, now }: HttpDependencies): void {
  // A form, several parts, or nothing at all: what counts is the address that is posted to.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));

  app.post(
    '/notifications/unsubscribe',
    {
      schema: {
        tags: ['Me'],
        operationId: 'unsubscribe',
        summary: 'Turn off the mails that a link came in',
        description:
          'What `List-Unsubscribe` of such a mail names, for mail programs (RFC 8058); nobody has to be signed in. Done again, it changes nothing. `PATCH /v1/me` turns them on again.',
        headers: MutationHeaders,
        querystring: Query,
        response: {
          200: Type.Object({
            turnedOff: wordOf(['digests', 'renewalRequests'], { description: 'As in `notifications` of the account.' }),
          }),
        },
      },
      config: { problems: ['invalid-token', 'user-not-found'] },
    },
    async (request, reply) => {
      const time = now();
      const { userId, kind } = unsubscribeTokens.read(request.query.token, time);
      const context = commandContext(request, { type: 'user', id: userId }, time);
      const { position } = await accounts.change(userId, { notifications: { [kind]: false } }, context);
      tellPosition(reply, position);
      return { turnedOff: kind };
    },
  );

  // Mail programs that know nothing of this open the link instead. Like all that is opened, it changes nothing.
  app.get('/notifications/unsubscribe', { schema: { hide: true, querystring: Query } }, (request, reply) =>
    reply.redirect(`${config.publicUrl}/preferences#${encodeURIComponent(request.query.token)}`, 303),
  );
}
