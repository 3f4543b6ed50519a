import type { InvitationRenewalRequested } from '../domain/membership/events.js';
import { issuedAt, voucherMayInvite } from '../domain/membership/invitation-rules.js';
import { membership } from '../domain/membership/membership.js';
import type { Invitation } from '../domain/membership/state.js';
import { membershipStream, parseInvitationId, workspaceStream } from '../domain/streams.js';
import { workspace } from '../domain/workspace/workspace.js';
import type { StreamRead } from '../event-store/event-store.js';
import { type Addressee, readAddressee } from './addressees.js';
import { type AggregateStore, stateOf } from './aggregate-store.js';
import type { OpenWorkspace } from './authority.js';

/** Somebody asks for a new link, and who is to be told. */
export interface RenewalRequest {
  readonly workspaceId: string;
  readonly workspace: OpenWorkspace;
  readonly invitation: Invitation;
  /** What the person invited is called. */
  readonly name?: string;
  /** Since when the link that they hold is of no use. */
  readonly endedAt: string;
  /** Whoever answers for the invitation; where they may not invite any more, the owner of the workspace. */
  readonly recipient: {
    readonly userId: string;
    readonly email: string;
    readonly name?: string;
    readonly locale?: string;
  };
}

/** Who is to be told that a new link is asked for. */
export class RenewalRequests {
  constructor(private readonly aggregates: AggregateStore) {}

  /** @returns undefined where there is nothing to tell any more: a newer link was sent since, the invitation is over, or they do not want to know */
  async find(request: InvitationRenewalRequested['data']): Promise<RenewalRequest | undefined> {
    const { invitationId, issue, requestedAt } = request;
    const key = parseInvitationId(invitationId);
    if (!key) return undefined;
    const { workspaceId } = key;
    const [workspaceRead, read] = (await this.aggregates.read(workspaceStream(workspaceId), membershipStream(key))) as [
      StreamRead,
      StreamRead,
    ];
    const space = stateOf(workspace, workspaceRead);
    const { status, invitation, name } = stateOf(membership, read);
    if (space.status !== 'open' || invitation?.id !== invitationId) return undefined;
    if ((status !== 'waiting' && status !== 'expired') || issuedAt(invitation) > requestedAt) return undefined;
    const recipient = await this.recipient(workspaceId, space, invitation.vouchedBy);
    if (!recipient) return undefined;
    const endedAt = issue === invitation.issue ? invitation.expiresAt : issuedAt(invitation);
    return { workspaceId, workspace: space, invitation, ...(name === undefined ? {} : { name }), endedAt, recipient };
  }

  private async recipient(
    workspaceId: string,
    space: OpenWorkspace,
    voucherId: string,
  ): Promise<Addressee | undefined> {
    const [voucher, owner] = await Promise.all([
      readAddressee(this.aggregates, workspaceId, space, voucherId),
      readAddressee(this.aggregates, workspaceId, space, space.ownerId),
    ]);
    const told = voucherMayInvite(voucher.role) ? voucher : owner;
    return told.notifications.renewalRequests ? told.addressee : undefined;
  }
}
