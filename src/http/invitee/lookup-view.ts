import type { Static } from '@fastify/type-provider-typebox';

import type { InvitationView } from '../../commands/invitation-links.js';
import { DomainError } from '../../domain/domain-error.js';
import { shownBrand } from '../../domain/workspace/brand.js';
import type { InvitationLookupSchema } from '../schemas/invitation.js';
import { brandView } from '../views/brand-view.js';

/**
 * An invitation as whoever holds its link may see it.
 *
 * @param logoHosts that logos may come from
 */
export function lookupView(view: InvitationView, logoHosts: readonly string[]): Static<typeof InvitationLookupSchema> {
  const { workspace, workspaceId, membership, inviter, invitee, obstacle } = view;
  const { invitation } = membership;
  if (!invitation) throw new DomainError('invitation-not-found', 'There is no such invitation.');
  const { email, role, expiresAt } = invitation;
  return {
    workspace: {
      id: workspaceId,
      name: workspace.name,
      brand: brandView(shownBrand(workspace.brand ?? {}, logoHosts)),
    },
    inviter: { name: inviter.status === 'registered' ? inviter.name : null },
    email,
    name: membership.name ?? null,
    role,
    expiresAt,
    status: obstacle ?? 'open',
    accountExists: invitee.status === 'registered',
  };
}
