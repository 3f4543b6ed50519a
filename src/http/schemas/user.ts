import { Type } from '@fastify/type-provider-typebox';

import type { DeliveryStatus, UserStatus } from '../../../projections/users-tab/row.js';
import { ADVICE } from './advice.js';
import { AnyRole } from './roles.js';
import { Email, EnhancedCode, Instant, InvitationId, Locale, PersonName, ReplyCode, UserId } from './text.js';
import { nullable, refTo, wordOf } from './types.js';

export const Status = wordOf<UserStatus>(['waiting', 'active', 'expired', 'declined', 'revoked', 'removed'], {
  description: 'What became of the invitation, or of the membership.',
});

export const DELIVERY_STATUSES: readonly DeliveryStatus[] = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'deferred',
  'failed',
  'bounced',
  'suppressed',
];

export const WarningSchema = Type.Object(
  {
    ...ADVICE,
    code: wordOf(['address-suppressed'], { description: 'Stable, for programs.' }),
  },
  { description: 'What was done, and will not have its effect.' },
);

export const UserSchema = Type.Object(
  {
    id: UserId,
    email: Email,
    name: nullable(PersonName),
    role: AnyRole,
    status: Status,
    delivery: nullable(
      Type.Object({
        status: wordOf(DELIVERY_STATUSES),
        mail: wordOf(['invitation', 'reminder'], { description: 'Which e-mail it is about.' }),
        reply: nullable(Type.String(), { description: 'What the mail server said.' }),
        code: nullable(ReplyCode),
        enhancedCode: nullable(EnhancedCode),
        at: nullable(Instant('Since when.')),
        attempt: nullable(
          Type.Integer({
            description: 'Which attempt, from 1; one at a reminder goes on counting. Null before the first.',
          }),
        ),
        nextAttemptAt: nullable(Instant('When it is tried again, while it is deferred.')),
      }),
      { description: 'What became of the newest e-mail. Null for somebody who was never sent one: the founder.' },
    ),
    invitation: nullable(
      Type.Object({
        id: InvitationId,
        issue: Type.Integer({ description: 'Counts the e-mails of this invitation; only the newest link is good.' }),
        timesInvited: Type.Integer({ description: 'How many invitations this person has had to this workspace.' }),
        renewalRequestedAt: nullable(
          Instant('When the person last asked for a new link, which has not been sent to them since.'),
        ),
        invitedAt: Instant('When this invitation was made.'),
        invitedBy: Type.Object(
          { id: UserId, name: nullable(PersonName) },
          { description: 'Who answers for it: whoever sent it last.' },
        ),
        expiresAt: Instant('When the link stops being good.'),
        locale: nullable(Locale),
      }),
      { description: 'The newest invitation. Null for the founder.' },
    ),
    joinedAt: nullable(Instant('When this person joined.')),
    warning: Type.Optional(WarningSchema),
    updatedAt: Instant('When anything of this last changed.'),
  },
  { $id: 'User', description: 'One person in one workspace.' },
);
export const User = refTo(UserSchema);

export const Counts = Type.Object(
  {
    waiting: Type.Integer(),
    active: Type.Integer(),
    expired: Type.Integer(),
    declined: Type.Integer(),
    revoked: Type.Integer(),
    removed: Type.Integer(),
  } satisfies Record<UserStatus, unknown>,
  { description: 'How many people of each status the whole workspace has, whatever was asked for.' },
);
