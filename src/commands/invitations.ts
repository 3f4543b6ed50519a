import { type AccountState, account } from '../domain/account/account.js';
import { roleIn } from '../domain/authority.js';
import { upcast } from '../domain/codec.js';
import { DomainError } from '../domain/domain-error.js';
import type { IssueOfInvitation, RefusalReason } from '../domain/membership/events.js';
import { obstacle, refusalError, voucherMayInvite } from '../domain/membership/invitation-rules.js';
import { membership } from '../domain/membership/membership.js';
import type { MembershipState } from '../domain/membership/state.js';
import type { InvitableRole } from '../domain/role.js';
import { accountStream, membershipStream, parseInvitationId, workspaceStream } from '../domain/streams.js';
import { workspace } from '../domain/workspace/workspace.js';
import type { Position, StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, type Outcome, stateOf } from './aggregate-store.js';
import { type AllowanceStanding, type SendingRules, UNLIMITED, withinAllowance } from './allowance.js';
import { type OpenWorkspace, readStanding, senderOf } from './authority.js';
import type { CommandContext } from './command-context.js';
import { Standings } from './standings.js';

/** Somebody to invite. */
export interface Invitee {
  /** The digest of the normalised address. */
  readonly userId: string;
  /** The address as typed. */
  readonly email: string;
  readonly role: InvitableRole;
  readonly name?: string;
  readonly locale?: string;
  readonly message?: string;
  /** As the workspace has it where it is absent. */
  readonly lifetimeSeconds?: number;
}

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

export type MembershipOutcome = Outcome<MembershipState>;

/** Of a command that mails somebody. */
export interface MailingOutcome extends MembershipOutcome {
  /** What is left to whoever asked for it; absent where nothing was written. */
  readonly allowance?: AllowanceStanding;
}

/** Inviting people into workspaces, and what they make of it. All of it is decided on the log alone. */
export class Invitations {
  private readonly standings: Standings;

  private readonly rules: Required<SendingRules>;

  constructor(
    private readonly aggregates: AggregateStore,
    { allowance = UNLIMITED, pauseSeconds = 0 }: SendingRules = {},
  ) {
    this.standings = new Standings(aggregates);
    this.rules = { allowance, pauseSeconds };
  }

  /**
   * @throws DomainError `workspace-not-found`, `not-allowed`, `already-invited`, `already-member`, `domain-not-allowed`,
   *   `invalid-lifetime`; TooSoon `resend-too-soon`, `throttled`
   */
  async invite(
    workspaceId: string,
    actorId: string,
    invitee: Invitee,
    context: CommandContext,
  ): Promise<MailingOutcome> {
    const { userId } = invitee;
    const stream = membershipStream({ workspaceId, userId });
    const { allowance, pauseSeconds } = this.rules;
    return this.standings.decideWith(workspaceId, actorId, (standing) => {
      const { role, given } = standing;
      const { lifetimeSeconds, reminders, domains } = standing.workspace;
      const remindAfterSeconds = reminders.afterSeconds;
      const by = { userId: actorId, role };
      const command = { type: 'InviteUser', by, now: context.now, workspaceId, pauseSeconds } as const;
      return withinAllowance(allowance, senderOf(workspaceId, actorId, standing), userId, (admit) =>
        this.aggregates.execute(
          membership,
          stream,
          { ...command, lifetimeSeconds, remindAfterSeconds, domains, ...invitee },
          context,
          // Most people invited are new to the workspace: not reading their stream saves a round trip.
          { assumeNew: true, given, admit },
        ),
      );
    });
  }

  /**
   * Mails a new link, which ends the older one, and renews the expiry.
   *
   * @throws DomainError `invitation-not-found`, `invitation-not-open`, `invitation-superseded`, `not-allowed`,
   *   `domain-not-allowed`; TooSoon `resend-too-soon`, `throttled`
   */
  async resend(
    workspaceId: string,
    actorId: string,
    invitationId: string,
    context: CommandContext,
    lifetimeSeconds?: number,
  ): Promise<MailingOutcome> {
    const { userId, stream, by, read, standing } = await this.named(workspaceId, actorId, invitationId);
    const { domains, reminders } = standing.workspace;
    const { allowance, pauseSeconds } = this.rules;
    const remindAfterSeconds = reminders.afterSeconds;
    const rules = { domains, pauseSeconds, remindAfterSeconds };
    const command = { type: 'ResendInvitation', by, now: context.now, invitationId, ...rules } as const;
    return withinAllowance(allowance, senderOf(workspaceId, actorId, standing), userId, (admit) =>
      this.aggregates.execute(
        membership,
        stream,
        { ...command, ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }) },
        context,
        { read, admit },
      ),
    );
  }

  /** @throws DomainError `invitation-not-found`, `invitation-not-open`, `invitation-superseded`, `not-allowed` */
  async revoke(
    workspaceId: string,
    actorId: string,
    invitationId: string,
    context: CommandContext,
  ): Promise<MembershipOutcome> {
    const { stream, by, read } = await this.named(workspaceId, actorId, invitationId);
    return this.aggregates.execute(membership, stream, { type: 'RevokeInvitation', by, invitationId }, context, {
      read,
    });
  }

  /**
   * Gives out the newest link, which stays as good as it is; that it was given out is recorded.
   *
   * @throws DomainError `invitation-not-found`, `invitation-not-open`, `invitation-superseded`, `invitation-expired`,
   *   `not-allowed`
   */
  async copyLink(
    workspaceId: string,
    actorId: string,
    invitationId: string,
    context: CommandContext,
  ): Promise<{ readonly link: IssueOfInvitation; readonly expiresAt: string; readonly position: Position }> {
    const { stream, by, read } = await this.named(workspaceId, actorId, invitationId);
    const command = { type: 'CopyLink', by, now: context.now, invitationId } as const;
    const { written, state, position } = await this.aggregates.execute(membership, stream, command, context, { read });
    const copied = written.map((recorded) => upcast(recorded)).find(({ type }) => type === 'InvitationLinkCopied');
    const { invitation } = state;
    if (copied?.type !== 'InvitationLinkCopied' || invitation?.id !== invitationId) throw invitationNotFound();
    return { link: { invitationId, issue: copied.data.issue }, expiresAt: invitation.expiresAt, position };
  }

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

  private async named(workspaceId: string, actorId: string, invitationId: string) {
    const key = parseInvitationId(invitationId);
    if (key?.workspaceId !== workspaceId) throw invitationNotFound();
    const stream = membershipStream(key);
    const standing = await readStanding(this.aggregates, workspaceId, actorId, stream);
    const by = { userId: actorId, role: standing.role };
    return { userId: key.userId, stream, by, standing, read: standing.further[0] as StreamRead };
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

function invitationNotFound(): DomainError {
  return new DomainError('invitation-not-found', 'There is no such invitation.');
}
