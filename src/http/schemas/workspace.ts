import { Type } from '@fastify/type-provider-typebox';

import { LIFETIME } from '../../domain/lifetime.js';
import { REMIND_AFTER, USUAL_REMINDERS } from '../../domain/reminders.js';
import { MOST_DOMAINS } from '../../domain/workspace/invitation-domains.js';
import { Brand } from './brand.js';
import { AnyRole } from './roles.js';
import { Line, UserId, WorkspaceId, WorkspaceName } from './text.js';
import { Closed, refTo } from './types.js';

/** Its bounds are the domain's to check, which says them in words. */
export const LifetimeSeconds = Type.Integer({
  description: `How long an invitation can be accepted, in seconds: ${LIFETIME.shortest} (an hour) to ${LIFETIME.longest} (30 days).`,
  examples: [LIFETIME.usual],
});

/** Its bounds are the domain's too. */
const afterSeconds = Type.Integer({
  description: `How long after an invitation, in seconds: ${REMIND_AFTER.shortest} (a day) to ${REMIND_AFTER.longest} (29 days). Counts for invitations made from then on.`,
  examples: [USUAL_REMINDERS.afterSeconds],
});
const enabled = Type.Boolean({ description: 'Whether those are sent that are due from then on.' });

/** As it is changed. */
export const RemindersChange = Closed(
  { enabled, afterSeconds: Type.Optional(afterSeconds) },
  { description: 'What is left out stays as it is.' },
);

/** A domain name has 253 characters at most; in another script it may be typed with as many. */
const Domain = Line({ minLength: 1, maxLength: 255, examples: ['example.com', '*.example.com'] });
const Allowed = Type.Array(Domain, { description: 'Empty: every domain that is not denied.' });
const Denied = Type.Array(Domain, { description: 'Wins over what is allowed.' });
const OF_DOMAINS = `Whose addresses are invited: example.com is that domain alone, *.example.com all below it. ${MOST_DOMAINS} at most.`;

const InvitationDomains = Type.Object({ allowed: Allowed, denied: Denied }, { description: OF_DOMAINS });

export const InvitationDomainsChanges = Closed(
  { allowed: Type.Optional(Allowed), denied: Type.Optional(Denied) },
  { minProperties: 1, description: `${OF_DOMAINS} What is left out stays as it is.` },
);

export const WorkspaceSchema = Type.Object(
  {
    id: WorkspaceId,
    name: WorkspaceName,
    role: { ...AnyRole, description: 'What you may do in it.' },
    ownerId: UserId,
    invitationLifetimeSeconds: LifetimeSeconds,
    reminders: Type.Object(
      { enabled, afterSeconds },
      {
        description:
          'Whether whoever has not answered is sent one reminder, unless less than a day would then be left to answer.',
      },
    ),
    invitationDomains: InvitationDomains,
    brand: Brand,
  },
  { $id: 'Workspace' },
);
export const Workspace = refTo(WorkspaceSchema);

export const WorkspaceParams = Type.Object({ workspaceId: WorkspaceId });
