import type { Static } from '@fastify/type-provider-typebox';

import type { UserRow } from '../../../projections/users-tab/row.js';
import type { UserSchema } from '../schemas/user.js';

export type UserView = Static<typeof UserSchema>;

/** Somebody as the REST interface shows them. */
export function userView(row: UserRow, nameOf: (userId: string) => string | null): UserView {
  return {
    id: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role,
    status: row.status,
    delivery: row.delivery && {
      status: row.delivery,
      mail: row.delivery_mail ?? 'invitation',
      reply: row.delivery_reply,
      code: row.delivery_code,
      enhancedCode: row.delivery_enhanced_code,
      at: row.delivery_at,
      attempt: row.delivery_attempt,
      nextAttemptAt: row.delivery_next_at,
    },
    invitation: invitationView(row, nameOf),
    joinedAt: row.joined_at,
    updatedAt: row.updated_at,
  };
}

function invitationView(row: UserRow, nameOf: (userId: string) => string | null): UserView['invitation'] {
  const { invitation_id: id, issue, expires_at: expiresAt, invited_by: invitedBy, invited_at: invitedAt } = row;
  if (id === null || issue === null || expiresAt === null || invitedBy === null) return null;
  return {
    id,
    issue,
    timesInvited: row.times_invited,
    renewalRequestedAt: row.renewal_requested_at,
    invitedAt,
    invitedBy: { id: invitedBy, name: nameOf(invitedBy) },
    expiresAt,
    locale: row.locale,
  };
}
