import { roleIn } from '../domain/authority.js';
import { DomainError } from '../domain/domain-error.js';
import type { Instant } from '../domain/lifetime.js';
import { membership } from '../domain/membership/membership.js';
import type { MembershipState } from '../domain/membership/state.js';
import type { Role } from '../domain/role.js';
import { membershipStream, workspaceStream } from '../domain/streams.js';
import { type WorkspaceState, workspace } from '../domain/workspace/workspace.js';
import type { StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, stateOf } from './aggregate-store.js';
import type { Sender } from './allowance.js';

export type OpenWorkspace = Extract<WorkspaceState, { status: 'open' }>;

/** Somebody's standing in a workspace, by the log as it is now. */
export interface Standing {
  readonly workspace: OpenWorkspace;
  readonly member: MembershipState;
  readonly role: Role;
  /** When the workspace was founded. */
  readonly workspaceSince: Instant;
}

/**
 * Reads a workspace and somebody's membership of it, and further streams in the same call. `reads` are the streams that the
 * standing follows from.
 *
 * @throws DomainError `workspace-not-found` also for those who are not in it: whether it exists is not theirs to know
 */
export async function readStanding(
  aggregates: AggregateStore,
  workspaceId: string,
  userId: string,
  ...furtherStreams: string[]
): Promise<Standing & { readonly reads: readonly [StreamRead, StreamRead]; readonly further: readonly StreamRead[] }> {
  const [workspaceRead, memberRead, ...further] = (await aggregates.read(
    workspaceStream(workspaceId),
    membershipStream({ workspaceId, userId }),
    ...furtherStreams,
  )) as [StreamRead, StreamRead, ...StreamRead[]];
  const space = stateOf(workspace, workspaceRead);
  const member = stateOf(membership, memberRead);
  const role = roleIn(space, member, userId);
  if (space.status !== 'open' || role === undefined) {
    throw new DomainError('workspace-not-found', 'There is no such workspace, or you are not in it.');
  }
  const workspaceSince = String(workspaceRead.events[0]?.metadata['at']);
  return { workspace: space, member, role, workspaceSince, reads: [workspaceRead, memberRead], further };
}

/** Somebody in a workspace, as limits of mails see them. */
export function senderOf(workspaceId: string, userId: string, { workspace: space, workspaceSince }: Standing): Sender {
  return { userId, workspaceId, workspaceOwnerId: space.ownerId, workspaceSince };
}
