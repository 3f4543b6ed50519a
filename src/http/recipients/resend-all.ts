import type { Static } from '@fastify/type-provider-typebox';

import type { CommandContext } from '../../commands/command-context.js';
import { parseInvitationId } from '../../domain/streams.js';
import type { HttpDependencies } from '../dependencies.js';
import type { ResendResultsSchema } from '../schemas/resend.js';
import { suppressionWarning } from '../views/suppression.js';
import { type DealtWith, dealWithEach } from './each-invitation.js';

type Answer = Static<typeof ResendResultsSchema>;

export interface ResentAll extends Pick<DealtWith<'resent'>, 'position' | 'isComplete' | 'allowance'> {
  readonly answer: Answer;
}

/** Sends invitations again, each succeeding or failing by itself. Results are in the order of the ids. */
export async function resendAll(
  workspaceId: string,
  actorId: string,
  invitationIds: readonly string[],
  context: CommandContext,
  { invitations, usersTab }: Pick<HttpDependencies, 'invitations' | 'usersTab'>,
): Promise<ResentAll> {
  const { results, count, ...dealt } = await dealWithEach(invitationIds, 'resent', (invitationId) =>
    invitations.resend(workspaceId, actorId, invitationId, context),
  );
  const suppressed = await usersTab.suppressed([...new Set(results.map(invitedPerson))]);
  const warned = results.map((result) => {
    const why = result.outcome === 'resent' ? suppressed.get(invitedPerson(result)) : undefined;
    return why ? { ...result, delivery: 'suppressed' as const, warning: suppressionWarning(why) } : result;
  });
  const summary = { resent: count('resent'), refused: count('refused'), unavailable: count('unavailable') };
  return { ...dealt, answer: { results: warned, summary } };
}

/** The user id of the person invited. */
function invitedPerson({ invitationId }: { readonly invitationId: string }): string {
  return parseInvitationId(invitationId)?.userId ?? '';
}
