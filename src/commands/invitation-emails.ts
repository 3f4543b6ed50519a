import { type AccountState, account } from '../domain/account/account.js';
import { address, type Suppression } from '../domain/address/address.js';
import type { Instant } from '../domain/lifetime.js';
import type { GiveUpEmail, RecordEmailOutcome } from '../domain/membership/commands.js';
import type { IssueOfInvitation, MailContent, MailOfIssue } from '../domain/membership/events.js';
import { dueAttempt } from '../domain/membership/mailing.js';
import { membership } from '../domain/membership/membership.js';
import { type EmailAttempt, type Invitation, type MembershipState, mailOf } from '../domain/membership/state.js';
import {
  accountStream,
  addressStream,
  type MembershipKey,
  membershipStream,
  parseInvitationId,
  workspaceStream,
} from '../domain/streams.js';
import { type WorkspaceState, workspace } from '../domain/workspace/workspace.js';
import type { RecordedEvent, StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, stateOf } from './aggregate-store.js';
import type { CommandContext } from './command-context.js';

/** What a mail of an invitation tells. */
export interface EmailToCompose extends Pick<MailOfIssue, 'mail'> {
  readonly key: MembershipKey;
  readonly invitation: Invitation;
  readonly name?: string;
  readonly workspace: WorkspaceState;
  /** Whoever vouches for the newest issue. */
  readonly inviter: AccountState;
}

/** A mail that is to be handed to the mail server now. */
export interface EmailToSend<Mail> {
  readonly link: IssueOfInvitation;
  readonly attempt: EmailAttempt;
  readonly mail: Mail;
}

export type EmailOutcome = RecordEmailOutcome['outcome'];

const OUTCOMES: Readonly<Record<string, EmailOutcome>> = {
  InvitationEmailSent: 'sent',
  InvitationEmailDeferred: 'deferred',
  InvitationEmailFailed: 'failed',
};

const NOT_SENT: Readonly<Record<Suppression['reason'], string>> = {
  'hard-bounce': 'not sent: mails to this address came back before',
  complaint: 'not sent: the recipient reported a mail as spam',
};

/** What the reactor does to invitations: mailing them, and ending them when their time is up. */
export class InvitationEmails {
  constructor(private readonly aggregates: AggregateStore) {}

  /**
   * Takes up a mail of an issue: records that an attempt begins and what it will hand over, so that a revocation from here on
   * comes after it. An attempt that was cut off is taken up again under its own number. A reminder is begun only where the
   * workspace wants any; one that was begun is followed to its end.
   *
   * @param compose makes the mail, while nothing is recorded yet; undefined where it is not to go now
   * @returns undefined when it is not to go now, or there is nothing to send any more: revoked, accepted, expired, superseded, sent
   */
  async begin<Mail extends { readonly content: MailContent }>(
    link: MailOfIssue,
    messageId: string,
    compose: (email: EmailToCompose) => Promise<Mail | undefined>,
    context: CommandContext,
  ): Promise<EmailToSend<Mail> | undefined> {
    const found = await this.find(link);
    if (!found) return undefined;
    const { key, stream, read, before, space } = found;
    if (!before.invitation || !isToBeSent(before, link, space, context.now)) return undefined;
    const [inviterRead] = await this.aggregates.read(accountStream(before.invitation.vouchedBy));
    const mail = await compose({
      ...(link.mail && { mail: link.mail }),
      key,
      invitation: before.invitation,
      ...(before.name === undefined ? {} : { name: before.name }),
      workspace: space,
      inviter: inviterRead ? stateOf(account, inviterRead) : account.initialState,
    });
    if (!mail) return undefined;
    const { content } = mail;
    const command = { type: 'BeginEmailAttempt', ...link, now: context.now, messageId, content } as const;
    const { state } = await this.aggregates.execute(membership, stream, command, context, { read });
    const attempt = state.invitation?.emailAttempt;
    return attempt && dueAttempt(state, link, context.now) === 'cut-off' ? { link, attempt, mail } : undefined;
  }

  /**
   * Records what the mail server said. Said again of the same attempt, it changes nothing.
   *
   * @returns what the log says now: of a deferral after a day, that the mail failed. Undefined where it said so before
   */
  async record(outcome: Omit<RecordEmailOutcome, 'type'>, context: CommandContext): Promise<EmailOutcome | undefined> {
    const written = await this.onMembership(outcome, { type: 'RecordEmailOutcome', ...outcome }, context);
    return written[0] && OUTCOMES[written[0].type];
  }

  /** Lets a deferred mail fail whose day went by without another attempt. @returns whether it did */
  async giveUp(deferred: Omit<GiveUpEmail, 'type' | 'now'>, context: CommandContext): Promise<boolean> {
    const command = { type: 'GiveUpEmail', ...deferred, now: context.now } as const;
    return (await this.onMembership(deferred, command, context)).length > 0;
  }

  /**
   * Keeps a mail of an issue from an address that takes none: one that mails came back from for good, or whose owner complained.
   *
   * @returns `suppressed` where it is now, `free` where mails may go there
   */
  async suppress(link: MailOfIssue, context: CommandContext): Promise<'free' | 'suppressed' | 'nothing-to-send'> {
    const key = parseInvitationId(link.invitationId);
    if (!key) return 'nothing-to-send';
    const [read] = (await this.aggregates.read(addressStream(key.userId))) as [StreamRead];
    const { suppression } = stateOf(address, read);
    if (!suppression) return 'free';
    const found = await this.find(link);
    if (!found || !isToBeSent(found.before, link, found.space, context.now)) return 'nothing-to-send';
    const reply = NOT_SENT[suppression.reason];
    const written = await this.onMembership(link, { type: 'SuppressEmail', ...link, now: context.now, reply }, context);
    return written.length > 0 ? 'suppressed' : 'nothing-to-send';
  }

  /** Whether mails to an address were reported as spam, and nobody has lifted that since. */
  async wasComplainedOf(userId: string): Promise<boolean> {
    const [read] = (await this.aggregates.read(addressStream(userId))) as [StreamRead];
    return stateOf(address, read).suppression?.reason === 'complaint';
  }

  /** Ends an issue whose time is up; does nothing where it was resent, accepted or ended since. */
  async expire(link: IssueOfInvitation, context: CommandContext): Promise<void> {
    await this.onMembership(link, { type: 'ExpireInvitation', ...link, now: context.now }, context);
  }

  private async find(link: IssueOfInvitation) {
    const key = parseInvitationId(link.invitationId);
    if (!key) return undefined;
    const stream = membershipStream(key);
    const [workspaceRead, read] = (await this.aggregates.read(workspaceStream(key.workspaceId), stream)) as [
      StreamRead,
      StreamRead,
    ];
    return { key, stream, read, before: stateOf(membership, read), space: stateOf(workspace, workspaceRead) };
  }

  private async onMembership(
    link: IssueOfInvitation,
    command: Parameters<typeof membership.decide>[0],
    context: CommandContext,
  ): Promise<readonly RecordedEvent[]> {
    const key = parseInvitationId(link.invitationId);
    if (!key) return [];
    return (await this.aggregates.execute(membership, membershipStream(key), command, context)).written;
  }
}

function isToBeSent(state: MembershipState, link: MailOfIssue, space: WorkspaceState, now: Instant): boolean {
  if (!dueAttempt(state, link, now)) return false;
  if (link.mail === undefined || (space.status === 'open' && space.reminders.isOn)) return true;
  const last = state.invitation?.emailAttempt;
  return last !== undefined && mailOf(last) === link.mail;
}
