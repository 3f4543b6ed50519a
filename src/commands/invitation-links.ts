import { type AccountState, account } from '../domain/account/account.js';
import { roleIn } from '../domain/authority.js';
import { upcast } from '../domain/codec.js';
import type { IssueOfInvitation, RefusalReason } from '../domain/membership/events.js';
import { obstacle, refusalError, voucherMayInvite } from '../domain/membership/invitation-rules.js';
import { membership } from '../domain/membership/membership.js';
import type { MembershipState } from '../domain/membership/state.js';
import { accountStream, membershipStream, parseInvitationId, workspaceStream } from '../domain/streams.js';
import { workspace } from '../domain/workspace/workspace.js';
import type { StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, stateOf } from './aggregate-store.js';
import type { OpenWorkspace } from './authority.js';
import type { CommandContext } from './command-context.js';
import { invitationNotFound } from './invitation-not-found.js';
import type { MembershipOutcome } from './invitations.js';

/** An invitation as its holder may see it, with what stands in the way of accepting it. */
export interface InvitationView {
  readonly workspaceId: string;
  readonly userId: string;
  readonly workspace: OpenWorkspace;
  readonly membership: MembershipState;
  readonly inviter: AccountState;
  /** The invitee's own account, if the address has one. */
  readonly invitee: AccountState;
  readonly obstacle?: RefusalReason;
}

/** What whoever holds the link of an invitation makes of it. All of it is decided on the log alone. */
export class InvitationLinks {
  constructor(private readonly aggregates: AggregateStore) {}

  /** What the holder of a link may know of it. @throws DomainError `invitation-not-found` */
  async view(link: IssueOfInvitation, now: string): Promise<InvitationView> {
    const seen = await this.see(link);
    const { workspaceId, userId, workspace: space, member, voucher, voucherId, invitee } = seen;
    const found = obstacle(member, link, now);
    const standsInTheWay =
      found ?? (voucherMayInvite(roleIn(space, voucher, voucherId)) ? undefined : ('inviter-not-allowed' as const));
    return {
      workspaceId,
      userId,
      workspace: space,
      membership: member,
      inviter: seen.inviter,
      invitee,
      ...(standsInTheWay === undefined ? {} : { obstacle: standsInTheWay }),
    };
  }

  /**
   * Lets the invitee in. That they own the address has been checked: by the link itself where the address has no account
   * yet, by their session where it has.
   *
   * @throws DomainError why they were refused; the refusal has been recorded
   */
  async accept(link: IssueOfInvitation, name: string, context: CommandContext): Promise<MembershipOutcome> {
    const { stream, read, workspace: space, voucher, voucherId } = await this.see(link);
    const voucherRole = roleIn(space, voucher, voucherId);
    const outcome = await this.aggregates.execute(
      membership,
      stream,
      { type: 'AcceptInvitation', ...link, now: context.now, name, voucherRole },
      context,
      { read },
    );
    const decision = outcome.written.map((recorded) => upcast(recorded)).at(-1);
    if (decision?.type === 'InvitationAccepted') return outcome;
    // Sent again, the command hears what it heard first, whatever has happened since.
    if (decision?.type === 'InvitationAcceptanceRefused') throw refusalError(decision.data.reason);
    throw refusalError(obstacle(outcome.state, link, context.now) ?? 'inviter-not-allowed');
  }

  /** Records that somebody was turned away because they are signed in as somebody else, and says so. */
  async refuseOtherAccount(link: IssueOfInvitation, context: CommandContext): Promise<never> {
    const { stream, read } = await this.see(link);
    const reason = 'wrong-account';
    await this.aggregates.execute(membership, stream, { type: 'RefuseAcceptance', ...link, reason }, context, { read });
    throw refusalError(reason);
  }

  /** @throws DomainError why the link is no good any more */
  async decline(link: IssueOfInvitation, context: CommandContext): Promise<MembershipOutcome> {
    const { stream, read } = await this.see(link);
    return this.aggregates.execute(
      membership,
      stream,
      { type: 'DeclineInvitation', ...link, now: context.now },
      context,
      { read },
    );
  }

  /** The newest issue of somebody's own invitation, for those who act by their session and not by a link. */
  async newestIssue(invitationId: string, userId: string): Promise<IssueOfInvitation> {
    const key = parseInvitationId(invitationId);
    if (key?.userId !== userId) throw invitationNotFound();
    const [read] = await this.aggregates.read(membershipStream(key));
    const invitation = read && stateOf(membership, read).invitation;
    if (!invitation) throw invitationNotFound();
    return { invitationId, issue: invitation.id === invitationId ? invitation.issue : 1 };
  }

  /**
   * Asks for a new link in place of one that has expired or was replaced. The inviter is told once a day; asked for more
   * often, nothing happens.
   *
   * @throws DomainError `renewal-not-needed`, or what became of the invitation where no new link can help
   */
  async requestRenewal(link: IssueOfInvitation, context: CommandContext): Promise<MembershipOutcome> {
    const { stream, read } = await this.see(link);
    const command = { type: 'RequestRenewal', ...link, now: context.now } as const;
    return this.aggregates.execute(membership, stream, command, context, { read });
  }

  /** All that deciding about a link takes: the invitee's membership and account, the workspace, whoever vouches. */
  private async see(link: IssueOfInvitation) {
    const key = parseInvitationId(link.invitationId);
    if (!key) throw invitationNotFound();
    const { workspaceId, userId } = key;
    const stream = membershipStream(key);
    const [workspaceRead, read, inviteeRead] = (await this.aggregates.read(
      workspaceStream(workspaceId),
      stream,
      accountStream(userId),
    )) as [StreamRead, StreamRead, StreamRead];
    const space = stateOf(workspace, workspaceRead);
    const member = stateOf(membership, read);
    if (space.status !== 'open' || !member.invitation) throw invitationNotFound();
    const voucherId = member.invitation.vouchedBy;
    const [voucherRead, voucherAccount] = (await this.aggregates.read(
      membershipStream({ workspaceId, userId: voucherId }),
      accountStream(voucherId),
    )) as [StreamRead, StreamRead];
    return {
      workspaceId,
      userId,
      stream,
      read,
      workspace: space,
      member,
      voucherId,
      voucher: stateOf(membership, voucherRead),
      inviter: stateOf(account, voucherAccount),
      invitee: stateOf(account, inviteeRead),
    };
  }
}
