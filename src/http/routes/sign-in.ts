import { Type } from '@fastify/type-provider-typebox';

import { derivedId } from '../../commands/command-context.js';
import type { Authentication } from '../authentication/authenticate.js';
import { sessionFor } from '../authentication/session.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { readAddress } from '../recipients/recipients.js';
import { commandContext, commandIdOf } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { languageOf } from '../requests/language.js';
import { nameFromAddress } from '../requests/names.js';
import { AsCookie, Session } from '../schemas/account.js';
import { MutationHeaders } from '../schemas/headers.js';
import { Email, Locale, PersonName, Token } from '../schemas/text.js';
import { Closed, nothing } from '../schemas/types.js';
import { tooManyRequests } from '../security/rate-limits.js';
import type { TypedApp } from '../typed-app.js';

/** Signing in by a link that is mailed: whoever opens it owns the address. */
export function signInRoutes(app: TypedApp, dependencies: HttpDependencies, authentication: Authentication): void {
  const { jobs, throttles, digest, now, signInTokens, redeemedTokens, accounts, config } = dependencies;

  app.post(
    '/sign-in-links',
    {
      schema: {
        tags: ['Sign-in'],
        operationId: 'requestSignInLink',
        summary: 'Have a sign-in link mailed',
        description:
          'Answers the same, and as fast, whether or not the address has an account: it is not even looked up. The link is good for ten minutes and one sign-in.',
        headers: MutationHeaders,
        body: Closed({ email: Email, locale: Type.Optional(Locale) }),
        response: { 202: nothing('The mail will be sent.') },
      },
      config: { problems: ['invalid-address'] },
    },
    async (request, reply) => {
      const { email, address } = readAddress(request.body.email);
      const userId = digest(address);
      const waitSeconds = await throttles.countSignIn(userId, config.rateLimits.signInLinks);
      if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds);
      await jobs.sendSignInLink({
        email,
        userId,
        locale: request.body.locale ?? preferredLanguage(request.headers['accept-language']),
        tokenId: derivedId(commandIdOf(request), 'sign-in-link'),
        issuedAt: now().toISOString(),
      });
      return reply.code(202).send();
    },
  );

  app.post(
    '/sessions',
    {
      schema: {
        tags: ['Sign-in'],
        operationId: 'createSession',
        summary: 'Sign in with the token of a link',
        description: 'Whoever signs in with an address for the first time gets an account.',
        headers: MutationHeaders,
        body: Closed({ token: Token, name: Type.Optional(PersonName), cookie: AsCookie }),
        response: { 201: Session },
      },
      config: {
        problems: ['invalid-token', 'invalid-name', 'sign-in-link-used', 'cross-site-request'],
      },
    },
    async (request, reply) => {
      const { token, name, cookie = false } = request.body;
      const begin = sessionFor(request, reply, cookie, authentication);
      const time = now();
      const { id, email: typed, expiresAt } = signInTokens.read(token, time);
      const commandId = commandIdOf(request);
      if (!(await redeemedTokens.redeem(id, commandId, expiresAt))) throw new Problem('sign-in-link-used');
      const { email, address } = readAddress(typed);
      const userId = digest(address);
      const context = commandContext(request, { type: 'user', id: userId }, time);
      const locale = languageOf(request);
      const person = { email, name: name ?? nameFromAddress(email), ...(locale && { locale }) };
      const { state, position } = await accounts.register(userId, person, context).catch(async (error: unknown) => {
        // Nobody was signed in: the link stays good, also for whoever comes back with no idempotency key.
        await redeemedTokens.restore(id, commandId).catch(() => {});
        throw error;
      });
      tellPosition(reply, position);
      return reply.code(201).send(begin(userId, state));
    },
  );

  app.delete(
    '/session',
    {
      schema: {
        tags: ['Sign-in'],
        operationId: 'endSession',
        summary: 'Sign out',
        description:
          'Ends the session that the cookie keeps, wherever the cookie may have been copied to. Nothing happens where there is none. Access tokens end by themselves.',
        response: { 204: nothing('Signed out.') },
      },
      config: { problems: ['cross-site-request'] },
    },
    async (request, reply) => {
      await authentication.sessions.end(request, reply);
      return reply.code(204).send();
    },
  );
}

/** The first language of RFC 9110, section 12.5.4; the mail is in the usual one where it says none. */
function preferredLanguage(header: string | undefined): string {
  return /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}/.exec(header ?? '')?.[0] ?? '';
}
