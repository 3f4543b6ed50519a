import { Type } from '@fastify/type-provider-typebox';

import type { HttpDependencies } from '../dependencies.js';
import { readRecipients } from '../recipients/recipients.js';
import { RecipientsRead } from '../schemas/recipients.js';
import { Closed } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';

/** What a field for addresses shows while somebody types or pastes, as inviting would understand it. */
export function recipientRoutes(app: TypedApp, { digest, config }: HttpDependencies): void {
  app.post(
    '/recipients/read',
    {
      bodyLimit: config.bodyLimit,
      schema: {
        tags: ['Invitations'],
        operationId: 'readRecipients',
        summary: 'See whom a text would invite',
        description: 'Reads a text as inviting does, and invites nobody. One entry per address that stands in it.',
        body: Closed({
          text: Type.String({ maxLength: 2_000_000, examples: ['Ana Souza <ana@example.com>, bob@example.com'] }),
        }),
        response: { 200: RecipientsRead },
      },
      config: { problems: ['too-many-recipients'] },
    },
    async (request) => {
      const lines = readRecipients(request.body.text, { role: 'developer' }, digest);
      return {
        entries: lines.map(({ line, input, ...rest }) => {
          if (rest.kind === 'invalid') return { line, input, problem: rest.problem };
          if (rest.kind === 'duplicate') return { line, input, email: rest.email, userId: rest.userId };
          const { email, userId, name } = rest.invitee;
          return { line, input, email, userId, ...(name && { name }) };
        }),
      };
    },
  );
}
