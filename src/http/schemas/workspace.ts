import { Type } from '@fastify/type-provider-typebox';

import { LIFETIME } from '../../domain/lifetime.js';
import { Brand } from './brand.js';
import { AnyRole } from './roles.js';
import { UserId, WorkspaceId, WorkspaceName } from './text.js';
import { refTo } from './types.js';

/** Its bounds are the domain's to check, which says them in words. */
export const LifetimeSeconds = Type.Integer({
  description: `How long an invitation can be accepted, in seconds: ${LIFETIME.shortest} (an hour) to ${LIFETIME.longest} (30 days).`,
  examples: [LIFETIME.usual],
});

export const WorkspaceSchema = Type.Object(
  {
    id: WorkspaceId,
    name: WorkspaceName,
    role: { ...AnyRole, description: 'What you may do in it.' },
    ownerId: UserId,
    invitationLifetimeSeconds: LifetimeSeconds,
    brand: Brand,
  },
  { $id: 'Workspace' },
);
export const Workspace = refTo(WorkspaceSchema);

export const WorkspaceParams = Type.Object({ workspaceId: WorkspaceId });
