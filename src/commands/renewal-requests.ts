import { type AccountState, account } from '../domain/account/account.js';
import { roleIn } from '../domain/authority.js';
import type { InvitationRenewalRequested } from '../domain/membership/events.js';
import { issuedAt, voucherMayInvite } from '../domain/membership/invitation-rules.js';
import { membership } from '../domain/membership/membership.js';
import type { Invitation, MembershipState } from '../domain/membership/state.js';
import { accountStream, membershipStream, parseInvitationId, workspaceStream } from '../domain/streams.js';
import { workspace } from '../domain/workspace/workspace.js';
import type { StreamRead } from '../event-store/event-store.js';
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

  /** @returns undefined where there is nothing to tell any more: a newer link was sent since, or the invitation is over */
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
  ): Promise<RenewalRequest['recipient'] | undefined> {
    const [voucher, owner] = await Promise.all(
      [voucherId, space.ownerId].map(async (userId) => {
        const [member, person] = (await this.aggregates.read(
          membershipStream({ workspaceId, userId }),
          accountStream(userId),
        )) as [StreamRead, StreamRead];
        const state = stateOf(membership, member);
        return { userId, ...addressOf(state, stateOf(account, person)), role: roleIn(space, state, userId) };
      }),
    );
    const told = voucherMayInvite(voucher?.role) ? voucher : owner;
    return told?.email === undefined ? undefined : { ...told, email: told.email };
  }
}

/** As they are known where they sign in, else as they were invited; their language as of their own invitation. */
function addressOf({ email, name, invitation }: MembershipState, person: AccountState) {
  const known = person.status === 'registered' ? person : { email, name };
  return {
    ...(known.email === undefined ? {} : { email: known.email }),
    ...(known.name === undefined ? {} : { name: known.name }),
    ...(invitation?.locale === undefined ? {} : { locale: invitation.locale }),
  };
}
