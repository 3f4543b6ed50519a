import type { Static } from '@fastify/type-provider-typebox';

import type { InvitationView } from '../../commands/invitations.js';
import { DomainError } from '../../domain/domain-error.js';
import type { InvitationLookupSchema } from '../schemas/invitation.js';

/** An invitation as whoever holds its link may see it. */
export function lookupView(view: InvitationView): Static<typeof InvitationLookupSchema> {
  const { workspace, workspaceId, membership, inviter, invitee, obstacle } = view;
  const { invitation } = membership;
  if (!invitation) throw new DomainError('invitation-not-found', 'There is no such invitation.');
  const { email, role, expiresAt } = invitation;
  return {
    workspace: { id: workspaceId, name: workspace.name },
    inviter: { name: inviter.status === 'registered' ? inviter.name : null },
    email,
    name: membership.name ?? null,
    role,
    expiresAt,
    status: obstacle ?? 'open',
    accountExists: invitee.status === 'registered',
  };
}
