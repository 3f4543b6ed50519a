import type { Static } from '@fastify/type-provider-typebox';

import type { Role } from '../../domain/role.js';
import type { WorkspaceState } from '../../domain/workspace/workspace.js';
import { Problem } from '../problems/problem.js';
import type { WorkspaceSchema } from '../schemas/workspace.js';
import { brandView } from './brand-view.js';

/** A workspace as somebody who is in it sees it. */
export function workspaceView(id: string, workspace: WorkspaceState, role: Role): Static<typeof WorkspaceSchema> {
  if (workspace.status !== 'open') throw new Problem('workspace-not-found');
  const { name, ownerId, lifetimeSeconds: invitationLifetimeSeconds, reminders, domains, brand = {} } = workspace;
  return {
    id,
    name,
    role,
    ownerId,
    invitationLifetimeSeconds,
    reminders: { enabled: reminders.isOn, afterSeconds: reminders.afterSeconds },
    invitationDomains: { allowed: [...domains.allowed], denied: [...domains.denied] },
    brand: brandView(brand),
  };
}
