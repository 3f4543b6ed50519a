import type { Static } from '@fastify/type-provider-typebox';

import type { Role } from '../../domain/role.js';
import type { WorkspaceState } from '../../domain/workspace/workspace.js';
import { Problem } from '../problems/problem.js';
import type { WorkspaceSchema } from '../schemas/workspace.js';
import { brandView } from './brand-view.js';

/** A workspace as somebody who is in it sees it. */
export function workspaceView(id: string, workspace: WorkspaceState, role: Role): Static<typeof WorkspaceSchema> {
  if (workspace.status !== 'open') throw new Problem('workspace-not-found');
  const { name, ownerId, lifetimeSeconds: invitationLifetimeSeconds, domains, brand = {} } = workspace;
  const invitationDomains = { allowed: [...domains.allowed], denied: [...domains.denied] };
  return { id, name, role, ownerId, invitationLifetimeSeconds, invitationDomains, brand: brandView(brand) };
}
