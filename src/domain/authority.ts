import type { MembershipState } from './membership/state.js';
import type { Role } from './role.js';
import type { WorkspaceState } from './workspace/workspace.js';

/**
 * What a person is in a workspace, by both streams that have a say. While an ownership is being transferred two
 * memberships may hold the role of owner; the workspace's stream says whose turn it is.
 */
export function roleIn(workspace: WorkspaceState, membership: MembershipState, userId: string): Role | undefined {
  if (workspace.status !== 'open' || membership.status !== 'active') return undefined;
  return membership.role === 'owner' && workspace.ownerId !== userId ? 'administrator' : membership.role;
}
