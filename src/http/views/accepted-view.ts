import type { Static } from '@fastify/type-provider-typebox';

import { readStanding } from '../../commands/authority.js';
import type { MembershipOutcome } from '../../commands/invitations.js';
import { parseInvitationId } from '../../domain/streams.js';
import type { Caller } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import type { AcceptedSchema } from '../schemas/invitation.js';
import { viewOfHistory } from './users.js';
import { workspaceView } from './workspace-view.js';

/** What somebody has who has just accepted: a workspace, and a place in it. */
export async function acceptedView(
  invitationId: string,
  outcome: MembershipOutcome,
  caller: Caller,
  dependencies: Pick<HttpDependencies, 'aggregates' | 'usersTab'>,
): Promise<Omit<Static<typeof AcceptedSchema>, 'accessToken' | 'tokenType' | 'expiresIn'>> {
  const { userId, email, name } = caller;
  const workspaceId = parseInvitationId(invitationId)?.workspaceId ?? '';
  const [{ workspace, role }, user] = await Promise.all([
    readStanding(dependencies.aggregates, workspaceId, userId),
    viewOfHistory(outcome.history, workspaceId, caller, dependencies),
  ]);
  return { account: { id: userId, email, name }, workspace: workspaceView(workspaceId, workspace, role), user };
}
