import { Type } from '@fastify/type-provider-typebox';

import type { RefusalReason } from '../../domain/membership/events.js';
import { Account, PerhapsAccessToken } from './account.js';
import { InvitableRole } from './roles.js';
import { Email, Instant, InvitationId, PersonName, WorkspaceId, WorkspaceName } from './text.js';
import { nullable, refTo, wordOf } from './types.js';
import { User } from './user.js';
import { Workspace } from './workspace.js';

export const InvitationParams = Type.Object({ workspaceId: WorkspaceId, invitationId: InvitationId });

export const InvitationLink = Type.Object({
  url: Type.String({ format: 'uri', description: 'Lets whoever has it accept the invitation.' }),
  issue: Type.Integer({ description: 'Which mail has the same link. Sending again ends it.' }),
  expiresAt: Instant('When the link stops being good.'),
});

export const AcceptedSchema = Type.Object(
  { ...PerhapsAccessToken, account: Account, workspace: Workspace, user: User },
  {
    $id: 'Accepted',
    description:
      'The workspace, and the person as they are in it now. With an access token where accepting made the account.',
  },
);
export const Accepted = refTo(AcceptedSchema);

const STANDINGS: readonly ('open' | RefusalReason)[] = [
  'open',
  'expired',
  'superseded',
  'revoked',
  'declined',
  'already-accepted',
  'removed',
  'inviter-not-allowed',
  'wrong-account',
];

export const InvitationLookupSchema = Type.Object(
  {
    workspace: Type.Object({ id: WorkspaceId, name: WorkspaceName }),
    inviter: Type.Object({ name: nullable(PersonName) }),
    email: Email,
    name: nullable(PersonName, { description: 'What the inviter calls the person.' }),
    role: InvitableRole,
    expiresAt: Instant('When the newest link stops being good.'),
    status: wordOf(STANDINGS, { description: 'Open, or what stands in the way of accepting.' }),
    accountExists: Type.Boolean({ description: 'Whether accepting takes signing in with this address first.' }),
  },
  { $id: 'InvitationLookup' },
);
export const InvitationLookup = refTo(InvitationLookupSchema);
