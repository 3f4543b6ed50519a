import { Type } from '@fastify/type-provider-typebox';

import { type Authentication, recogniseCaller } from '../authentication/authenticate.js';
import { sessionFor } from '../authentication/session.js';
import type { HttpDependencies } from '../dependencies.js';
import { acceptByLink, inviteeOf } from '../invitee/accept-by-link.js';
import { lookupView } from '../invitee/lookup-view.js';
import { commandContext } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { AsCookie } from '../schemas/account.js';
import { MutationHeaders } from '../schemas/headers.js';
import { Accepted, InvitationLookup } from '../schemas/invitation.js';
import { PersonName, Token } from '../schemas/text.js';
import { Closed, nothing } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';

const REFUSALS = [
  'invalid-token',
  'invitation-not-found',
  'inviter-not-allowed',
  'invitation-already-accepted',
  'invitation-expired',
  'invitation-superseded',
  'invitation-revoked',
  'invitation-declined',
] as const;

/** What somebody does who holds the link of an invitation. The token comes in the body: an address would be logged. */
export function inviteeRoutes(app: TypedApp, dependencies: HttpDependencies, authentication: Authentication): void {
  const { links, invitationTokens, now, config } = dependencies;

  app.post(
    '/invitations/lookup',
    {
      schema: {
        tags: ['Invitee'],
        operationId: 'lookUpInvitation',
        summary: 'See what an invitation is about',
        description: 'Changes nothing. Says also of an invitation that is over what became of it.',
        body: Closed({ token: Token }),
        response: { 200: InvitationLookup },
      },
      config: { problems: ['invalid-token', 'invitation-not-found'] },
    },
    async (request) => {
      const link = invitationTokens.read(request.body.token);
      return lookupView(await links.view(link, now().toISOString()), config.logoHosts);
    },
  );

  app.post(
    '/invitations/accept',
    {
      onRequest: recogniseCaller(authentication),
      schema: {
        tags: ['Invitee'],
        operationId: 'acceptInvitation',
        summary: 'Accept an invitation',
        description:
          'An address that has no account gets one, and the answer holds an access token. An address that has one must be signed in: the request takes its access token.',
        security: [{}, { accessToken: [] }, { sessionCookie: [] }],
        headers: MutationHeaders,
        body: Closed({
          token: Token,
          cookie: AsCookie,
          name: Type.Optional({
            ...PersonName,
            description: 'Of a new account, where the invitation gives none or a wrong one.',
          }),
        }),
        response: { 200: Accepted },
      },
      config: { problems: [...REFUSALS, 'name-required', 'invalid-name', 'sign-in-required', 'wrong-account'] },
    },
    async (request, reply) => {
      const { cookie = false, ...link } = request.body;
      const begin = sessionFor(request, reply, cookie, authentication);
      const { position, answer } = await acceptByLink(request, link, dependencies, begin);
      tellPosition(reply, position);
      return answer;
    },
  );

  app.post(
    '/invitations/request-renewal',
    {
      schema: {
        tags: ['Invitee'],
        operationId: 'requestRenewal',
        summary: 'Ask for a new link',
        description:
          'For whoever holds a link that has expired, or that a newer one replaced. The inviter is told by mail, of one link once a day however often this is asked for, and decides whether to send the invitation again.',
        headers: MutationHeaders,
        body: Closed({ token: Token }),
        response: { 202: nothing('Asked for.') },
      },
      config: {
        problems: [
          'invalid-token',
          'invitation-not-found',
          'invitation-already-accepted',
          'invitation-revoked',
          'invitation-declined',
          'renewal-not-needed',
        ],
      },
    },
    async (request, reply) => {
      const link = invitationTokens.read(request.body.token);
      const context = commandContext(request, { type: 'invitee', id: inviteeOf(link) }, now());
      const { position } = await links.requestRenewal(link, context);
      tellPosition(reply, position);
      return reply.code(202).send();
    },
  );

  app.post(
    '/invitations/decline',
    {
      schema: {
        tags: ['Invitee'],
        operationId: 'declineInvitation',
        summary: 'Decline an invitation',
        headers: MutationHeaders,
        body: Closed({ token: Token }),
        response: { 204: nothing('Declined.') },
      },
      config: { problems: REFUSALS },
    },
    async (request, reply) => {
      const link = invitationTokens.read(request.body.token);
      const context = commandContext(request, { type: 'invitee', id: inviteeOf(link) }, now());
      const { position } = await links.decline(link, context);
      tellPosition(reply, position);
      return reply.code(204).send();
    },
  );
}
