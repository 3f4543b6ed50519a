import type { Static } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';

import type { CommandContext } from '../../commands/command-context.js';
import type { InvitationView } from '../../commands/invitation-links.js';
import { checkPersonName } from '../../domain/account/account.js';
import type { IssueOfInvitation } from '../../domain/membership/events.js';
import { parseInvitationId } from '../../domain/streams.js';
import type { Position } from '../../event-store/event-store.js';
import type { Caller } from '../authentication/caller.js';
import type { BeginSession } from '../authentication/session.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { commandContext } from '../requests/command-context.js';
import { languageOf } from '../requests/language.js';
import { nameFromAddress } from '../requests/names.js';
import type { AcceptedSchema } from '../schemas/invitation.js';
import { acceptedView } from '../views/accepted-view.js';

interface AcceptedAnswer {
  readonly position: Position;
  readonly answer: Static<typeof AcceptedSchema>;
}

/**
 * Lets somebody in who holds a link. The link proves that they read the mails of its address: for an address without an
 * account that is as good as a sign-in link, and the account is made. An address with an account must be signed in, so
 * that a forwarded mail opens nobody's account.
 *
 * @throws DomainError why not
 * @throws Problem `name-required`, `sign-in-required`
 */
export async function acceptByLink(
  request: FastifyRequest,
  { token, name }: { readonly token: string; readonly name?: string },
  dependencies: HttpDependencies,
  begin: BeginSession,
): Promise<AcceptedAnswer> {
  const { invitationTokens, now } = dependencies;
  const link = invitationTokens.read(token);
  const { caller } = request;
  if (caller) {
    return acceptAs(caller, link, commandContext(request, { type: 'user', id: caller.userId }, now()), dependencies);
  }
  const context = commandContext(request, { type: 'invitee', id: inviteeOf(link) }, now());
  return acceptAsNewcomer(link, { name, locale: languageOf(request) }, context, dependencies, begin);
}

export function inviteeOf({ invitationId }: IssueOfInvitation): string {
  return parseInvitationId(invitationId)?.userId ?? '';
}

async function acceptAs(
  caller: Caller,
  link: IssueOfInvitation,
  context: CommandContext,
  dependencies: HttpDependencies,
): Promise<AcceptedAnswer> {
  const { links } = dependencies;
  if (inviteeOf(link) !== caller.userId) return links.refuseOtherAccount(link, context);
  const outcome = await links.accept(link, caller.name, context);
  return {
    position: outcome.position,
    answer: await acceptedView(link.invitationId, outcome, caller, dependencies),
  };
}

async function acceptAsNewcomer(
  link: IssueOfInvitation,
  said: { readonly name: string | undefined; readonly locale: string | undefined },
  context: CommandContext,
  dependencies: HttpDependencies,
  begin: BeginSession,
): Promise<AcceptedAnswer> {
  const { links, accounts } = dependencies;
  const view = await links.view(link, context.now);
  const { userId } = view;
  const email = view.membership.email ?? '';
  const name = nameOf(view, said.name);
  const locale = said.locale ?? view.membership.invitation?.locale;
  const register = () => accounts.register(userId, { email, name, ...(locale && { locale }) }, context);

  // An account that this very request made when it was first sent is the newcomer's own; any other takes a session.
  if (view.invitee.status === 'registered' && (await register()).written.length === 0) {
    // What will not go away by signing in is told at once.
    if (view.obstacle && view.obstacle !== 'inviter-not-allowed') await links.accept(link, name, context);
    throw new Problem('sign-in-required');
  }
  const outcome = await links.accept(link, name, context);
  const { state, position } = await register();
  const session = begin(userId, state);
  const { account } = session;
  const caller = { userId, email: account.email, name: account.name };
  return {
    position: position > outcome.position ? position : outcome.position,
    answer: { ...session, ...(await acceptedView(link.invitationId, outcome, caller, dependencies)) },
  };
}

/** @throws Problem `name-required` where an invitation could be accepted and nobody has said who accepts */
function nameOf({ membership, obstacle }: InvitationView, given: string | undefined): string {
  const name = given ?? membership.name;
  if (name !== undefined) return checkPersonName(name);
  if (obstacle) return nameFromAddress(membership.email ?? '');
  const detail = 'Ask the person for their name, and send it as name.';
  throw new Problem('name-required', detail, { errors: [{ pointer: '#/name', detail }] });
}
