import type { Instant } from '../lifetime.js';
import type { InvitableRole, Role } from '../role.js';
import type { InvitationDomains } from '../workspace/invitation-domains.js';
import type {
  InvitationEmailBounced,
  InvitationEmailDelivered,
  IssueOfInvitation,
  MailContent,
  MailOfIssue,
  MailReply,
  RefusalReason,
} from './events.js';

/** What can be asked of a membership. `now` and the authority of whoever asks come from outside. */
export type MembershipCommand =
  | FoundMembership
  | InviteUser
  | ResendInvitation
  | RevokeInvitation
  | CorrectAddress
  | ReceiveCorrected
  | CopyLink
  | RequestRenewal
  | AcceptInvitation
  | DeclineInvitation
  | RefuseAcceptance
  | ExpireInvitation
  | ChangePermission
  | AssumeOwnership
  | CedeOwnership
  | RemoveUser
  | LeaveWorkspace
  | BeginEmailAttempt
  | RecordEmailOutcome
  | GiveUpEmail
  | RecordDelivery
  | RecordBounce
  | SuppressEmail;

/** A member at work: their id, and what they are in the workspace by the log (undefined: not an active member). */
export interface Actor {
  readonly userId: string;
  readonly role: Role | undefined;
}

export interface FoundMembership {
  readonly type: 'FoundMembership';
  readonly email: string;
  readonly name: string;
}

export interface InviteUser {
  readonly type: 'InviteUser';
  readonly by: Actor;
  readonly now: Instant;
  readonly workspaceId: string;
  /** The person invited: the digest of the address. */
  readonly userId: string;
  readonly email: string;
  readonly role: InvitableRole;
  readonly lifetimeSeconds: number;
  /** How long after the invitation whoever has not answered is reminded; not at all where it is absent. */
  readonly remindAfterSeconds?: number;
  /** That the workspace invites. */
  readonly domains: InvitationDomains;
  /** As when an invitation is sent again: withdrawing it does not shorten the pause. */
  readonly pauseSeconds?: number;
  readonly name?: string;
  readonly locale?: string;
  readonly message?: string;
}

export interface ResendInvitation {
  readonly type: 'ResendInvitation';
  readonly by: Actor;
  readonly now: Instant;
  readonly invitationId: string;
  readonly domains: InvitationDomains;
  /** As long as the last time where it is absent. */
  readonly lifetimeSeconds?: number;
  readonly remindAfterSeconds?: number;
  /** How long after a mail of the invitation the next one may be made; no time where it is absent. */
  readonly pauseSeconds?: number;
}

export interface RevokeInvitation {
  readonly type: 'RevokeInvitation';
  readonly by: Actor;
  readonly invitationId: string;
}

/** First step of a correction, on the membership that the invitation was made for by mistake. */
export interface CorrectAddress {
  readonly type: 'CorrectAddress';
  readonly by: Actor;
  readonly now: Instant;
  readonly invitationId: string;
  readonly to: { readonly userId: string; readonly email: string };
  readonly domains: InvitationDomains;
  /** Who is to answer for the invitation from now on. */
  readonly vouchedBy: string;
}

/**
 * Second step of a correction, on the membership of the right address. Whether whoever corrects may do so, and to
 * this address, was decided with the first one.
 */
export interface ReceiveCorrected extends Omit<InviteUser, 'type' | 'by' | 'domains' | 'pauseSeconds'> {
  readonly type: 'ReceiveCorrected';
  readonly vouchedBy: string;
  /** The invitation that was made for the wrong address. */
  readonly correctedFrom: string;
}

export interface CopyLink {
  readonly type: 'CopyLink';
  readonly by: Actor;
  readonly now: Instant;
  readonly invitationId: string;
}

/** Somebody holds a link that has expired, or that a newer one replaced, and asks for a new one. */
export interface RequestRenewal extends IssueOfInvitation {
  readonly type: 'RequestRenewal';
  readonly now: Instant;
}

/** Somebody who holds the link, and whose right to the address has been checked, wants in. */
export interface AcceptInvitation extends IssueOfInvitation {
  readonly type: 'AcceptInvitation';
  readonly now: Instant;
  readonly name: string;
  /** What the person who vouches for the invitation is in the workspace now. */
  readonly voucherRole: Role | undefined;
}

/** Somebody who holds the link was turned away before the invitation was looked at, and that is worth knowing. */
export interface RefuseAcceptance extends IssueOfInvitation {
  readonly type: 'RefuseAcceptance';
  readonly reason: RefusalReason;
}

export interface DeclineInvitation extends IssueOfInvitation {
  readonly type: 'DeclineInvitation';
  readonly now: Instant;
}

export interface ExpireInvitation extends IssueOfInvitation {
  readonly type: 'ExpireInvitation';
  readonly now: Instant;
}

export interface ChangePermission {
  readonly type: 'ChangePermission';
  readonly by: Actor;
  readonly role: InvitableRole;
}

/**
 * First step of an ownership transfer, on the heir's membership: from here on the heir can be neither removed nor
 * demoted. The second is `TransferOwnership` on the workspace, the last `CedeOwnership` on the membership of the owner
 * so far. `ordinal` counts the transfers of the workspace from 1 and keeps a late step from undoing a newer transfer.
 */
export interface AssumeOwnership {
  readonly type: 'AssumeOwnership';
  readonly from: string;
  readonly ordinal: number;
}

/**
 * The `ordinal`-th transfer made somebody else the owner: a claim to the ownership that is no newer is void, whether it
 * was won before or lost against that very transfer.
 */
export interface CedeOwnership {
  readonly type: 'CedeOwnership';
  readonly ordinal: number;
  /** Whether the claim was won once: an owner becomes an administrator, others what they were before they claimed. */
  readonly wasOwner: boolean;
}

export interface RemoveUser {
  readonly type: 'RemoveUser';
  readonly by: Actor;
}

export interface LeaveWorkspace {
  readonly type: 'LeaveWorkspace';
}

/** The worker is about to send a mail of an issue. */
export interface BeginEmailAttempt extends MailOfIssue {
  readonly type: 'BeginEmailAttempt';
  readonly now: Instant;
  readonly messageId: string;
  readonly content?: MailContent;
}

/** What the mail server said to an attempt. */
export interface RecordEmailOutcome extends MailOfIssue, MailReply {
  readonly type: 'RecordEmailOutcome';
  readonly attempt: number;
  readonly outcome: 'sent' | 'failed' | 'deferred';
  /** When to try again, of a deferral; past a day since the first attempt, the deferral is final. */
  readonly nextAttemptAt?: Instant;
}

/** A deferred mail was to be tried again, and could not be for so long that its day is over. */
export interface GiveUpEmail extends MailOfIssue {
  readonly type: 'GiveUpEmail';
  /** The one that was deferred. */
  readonly attempt: number;
  readonly now: Instant;
  readonly reply: string;
}

/** A report says that a mail of an issue has reached its recipient's mail server. */
export type RecordDelivery = { readonly type: 'RecordDelivery' } & Omit<
  InvitationEmailDelivered['data'],
  'sparedAttempt'
>;

/** A report says that a mail of an issue did not reach its recipient after all. */
export type RecordBounce = { readonly type: 'RecordBounce' } & InvitationEmailBounced['data'];

/** The worker was about to send a mail of an issue to an address that takes none. */
export interface SuppressEmail extends MailOfIssue {
  readonly type: 'SuppressEmail';
  readonly now: Instant;
  readonly reply: string;
}
