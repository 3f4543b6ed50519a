import { upcast } from '../domain/codec.js';
import type { IssueOfInvitation } from '../domain/membership/events.js';
import { membership } from '../domain/membership/membership.js';
import type { MembershipState } from '../domain/membership/state.js';
import type { InvitableRole } from '../domain/role.js';
import { membershipStream, parseInvitationId } from '../domain/streams.js';
import type { Position, StreamRead } from '../event-store/event-store.js';
import type { AggregateStore, Outcome } from './aggregate-store.js';
import { type AllowanceStanding, type SendingRules, UNLIMITED, withinAllowance } from './allowance.js';
import { readStanding, senderOf } from './authority.js';
import type { CommandContext } from './command-context.js';
import { invitationNotFound } from './invitation-not-found.js';
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

export type MembershipOutcome = Outcome<MembershipState>;

/** Of a command that mails somebody. */
export interface MailingOutcome extends MembershipOutcome {
  /** What is left to whoever asked for it; absent where nothing was written. */
  readonly allowance?: AllowanceStanding;
}

/** Inviting people into workspaces, and what becomes of it on the inviters' side. All of it is decided on the log alone. */
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

  private async named(workspaceId: string, actorId: string, invitationId: string) {
    const key = parseInvitationId(invitationId);
    if (key?.workspaceId !== workspaceId) throw invitationNotFound();
    const stream = membershipStream(key);
    const standing = await readStanding(this.aggregates, workspaceId, actorId, stream);
    const by = { userId: actorId, role: standing.role };
    return { userId: key.userId, stream, by, standing, read: standing.further[0] as StreamRead };
  }
}
