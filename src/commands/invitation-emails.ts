import { type AccountState, account } from '../domain/account/account.js';
import type { RecordEmailOutcome } from '../domain/membership/commands.js';
import type { IssueOfInvitation } from '../domain/membership/events.js';
import { obstacle } from '../domain/membership/invitation-rules.js';
import { membership } from '../domain/membership/membership.js';
import type { EmailAttempt, Invitation } from '../domain/membership/state.js';
import {
  accountStream,
  type MembershipKey,
  membershipStream,
  parseInvitationId,
  workspaceStream,
} from '../domain/streams.js';
import { type WorkspaceState, workspace } from '../domain/workspace/workspace.js';
import type { StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, stateOf } from './aggregate-store.js';
import type { CommandContext } from './command-context.js';

/** A mail that is to be handed to the mail server now. */
export interface EmailToSend {
  readonly key: MembershipKey;
  readonly invitation: Invitation;
  readonly attempt: EmailAttempt;
  readonly name?: string;
  readonly workspace: WorkspaceState;
  /** Whoever vouches for the newest issue. */
  readonly inviter: AccountState;
}

/** What the reactor does to invitations: mailing them, and ending them when their time is up. */
export class InvitationEmails {
  constructor(private readonly aggregates: AggregateStore) {}

  /**
   * Takes up the mail of an issue: records that an attempt begins, so that a revocation from here on comes after it. An
   * attempt that was cut off is taken up again under its own number.
   *
   * @returns undefined when there is nothing to send any more: revoked, accepted, expired, superseded, sent
   */
  async begin(link: IssueOfInvitation, messageId: string, context: CommandContext): Promise<EmailToSend | undefined> {
    const key = parseInvitationId(link.invitationId);
    if (!key) return undefined;
    const stream = membershipStream(key);
    const [workspaceRead, read] = (await this.aggregates.read(workspaceStream(key.workspaceId), stream)) as [
      StreamRead,
      StreamRead,
    ];
    const command = { type: 'BeginEmailAttempt', ...link, now: context.now, messageId } as const;
    const vouchedBy = stateOf(membership, read).invitation?.vouchedBy;
    const [{ state }, inviterReads] = await Promise.all([
      this.aggregates.execute(membership, stream, command, context, { read }),
      vouchedBy === undefined ? [] : this.aggregates.read(accountStream(vouchedBy)),
    ]);
    const { invitation, name } = state;
    const attempt = invitation?.emailAttempt;
    if (!invitation || attempt?.outcome !== 'under-way' || obstacle(state, link, context.now)) return undefined;
    const [inviterRead] = inviterReads;
    return {
      key,
      invitation,
      attempt,
      ...(name === undefined ? {} : { name }),
      workspace: stateOf(workspace, workspaceRead),
      inviter: inviterRead ? stateOf(account, inviterRead) : account.initialState,
    };
  }

  /** Records what the mail server said. Said again of the same attempt, it changes nothing. */
  async record(outcome: Omit<RecordEmailOutcome, 'type'>, context: CommandContext): Promise<void> {
    await this.onMembership(outcome, { type: 'RecordEmailOutcome', ...outcome }, context);
  }

  /** Ends an issue whose time is up; does nothing where it was resent, accepted or ended since. */
  async expire(link: IssueOfInvitation, context: CommandContext): Promise<void> {
    await this.onMembership(link, { type: 'ExpireInvitation', ...link, now: context.now }, context);
  }

  private async onMembership(
    link: IssueOfInvitation,
    command: Parameters<typeof membership.decide>[0],
    context: CommandContext,
  ): Promise<void> {
    const key = parseInvitationId(link.invitationId);
    if (key) await this.aggregates.execute(membership, membershipStream(key), command, context);
  }
}
