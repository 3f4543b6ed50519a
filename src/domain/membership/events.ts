import type { Instant } from '../lifetime.js';
import type { InvitableRole, Role } from '../role.js';

/**
 * Everything that ever happens between one address and one workspace. An invitation is named by its id; each mail of
 * it, the first and every resend, has an issue number from 1, and only the newest issue can be accepted.
 */
export type MembershipEvent =
  | FounderJoined
  | UserInvited
  | InvitationResent
  | InvitationRevoked
  | InvitationDeclined
  | InvitationExpired
  | InvitationAccepted
  | InvitationAcceptanceRefused
  | PermissionChanged
  | UserRemoved
  | UserLeft
  | InvitationAddressCorrected
  | InvitationLinkCopied
  | InvitationRenewalRequested
  | InvitationEmailAttempted
  | InvitationEmailSent
  | InvitationEmailDeferred
  | InvitationEmailFailed
  | InvitationEmailDelivered
  | InvitationEmailBounced
  | InvitationEmailSuppressed;

/** The person who created the workspace is in it, as its owner. */
export interface FounderJoined {
  readonly type: 'FounderJoined';
  readonly data: { readonly email: string; readonly name: string };
}

export interface UserInvited {
  readonly type: 'UserInvited';
  readonly data: {
    readonly invitationId: string;
    /** As typed by the inviter, for sending; the stream's name holds the digest of its normalised form. */
    readonly email: string;
    readonly role: InvitableRole;
    readonly invitedBy: string;
    readonly expiresAt: Instant;
    readonly lifetimeSeconds: number;
    readonly name?: string;
    /** Language of the mail, as in `Locale` of the mails; the service's own where it is absent. */
    readonly locale?: string;
    readonly message?: string;
    /** What became of the invitation before this one, where there was one. */
    readonly previous?: 'expired' | 'revoked' | 'declined' | 'removed';
    /** The invitation that this one goes on with at another address. */
    readonly correctedFrom?: string;
    /** When whoever has not answered is reminded; absent where that would be too late. */
    readonly remindAt?: Instant;
  };
}

export interface InvitationResent {
  readonly type: 'InvitationResent';
  readonly data: IssueOfInvitation & {
    readonly resentBy: string;
    readonly expiresAt: Instant;
    readonly lifetimeSeconds: number;
    readonly remindAt?: Instant;
  };
}

export interface InvitationRevoked {
  readonly type: 'InvitationRevoked';
  readonly data: { readonly invitationId: string };
}

export interface InvitationDeclined {
  readonly type: 'InvitationDeclined';
  readonly data: IssueOfInvitation;
}

export interface InvitationExpired {
  readonly type: 'InvitationExpired';
  readonly data: IssueOfInvitation;
}

export interface InvitationAccepted {
  readonly type: 'InvitationAccepted';
  readonly data: IssueOfInvitation & { readonly name: string; readonly role: InvitableRole };
}

export interface InvitationAcceptanceRefused {
  readonly type: 'InvitationAcceptanceRefused';
  readonly data: IssueOfInvitation & { readonly reason: RefusalReason };
}

export interface PermissionChanged {
  readonly type: 'PermissionChanged';
  readonly data: {
    readonly role: Role;
    readonly previousRole: Role;
    /** When this person becomes the owner: whom they succeed, and which transfer of the workspace it is (from 1). */
    readonly succession?: { readonly from: string; readonly ordinal: number };
  };
}

export interface UserRemoved {
  readonly type: 'UserRemoved';
  readonly data: Record<string, never>;
}

export interface UserLeft {
  readonly type: 'UserLeft';
  readonly data: Record<string, never>;
}

/**
 * The invitation was for another address, and goes on there: its link is dead from here on. The `UserInvited` that
 * follows in the other membership names this invitation as `correctedFrom`.
 */
export interface InvitationAddressCorrected {
  readonly type: 'InvitationAddressCorrected';
  readonly data: {
    readonly invitationId: string;
    readonly to: { readonly userId: string; readonly email: string };
    /** Who answers for the invitation at its new address. */
    readonly vouchedBy: string;
  };
}

/** Somebody was given the newest link, to pass it on by other ways than the mail. */
export interface InvitationLinkCopied {
  readonly type: 'InvitationLinkCopied';
  readonly data: IssueOfInvitation & { readonly by: string };
}

/** Whoever holds a link of the invitation that is of no use any more asks for a new one. */
export interface InvitationRenewalRequested {
  readonly type: 'InvitationRenewalRequested';
  /** `issue` is that of the link held. */
  readonly data: IssueOfInvitation & { readonly requestedAt: Instant };
}

/** The reactor is about to hand this mail to the mail server: recorded first, so that a revocation either precedes it or knows of it. */
export interface InvitationEmailAttempted {
  readonly type: 'InvitationEmailAttempted';
  readonly data: AttemptOfEmail & {
    readonly messageId: string;
    /** When the first attempt at this mail began: a day later the next deferral is final. */
    readonly since: Instant;
  } & Partial<MailContent>;
}

/** What an attempt hands over; of one that a crash cut off and that was taken up again, what it began with. */
export interface MailContent {
  readonly template: string;
  /** Changes with every word and pixel of the template. */
  readonly templateVersion: string;
  /** Language of the mail. */
  readonly locale: string;
  /**
   * SHA-256 in hex of text, NUL and HTML as rendered, without white space at the end of either and without the token of the link:
   * it proves what was sent, and opens nothing.
   */
  readonly bodyHash: string;
}

/** What the mail server said, or what kept it from being asked. */
export interface MailReply {
  /** In one line, for people to read. */
  readonly reply: string;
  /** RFC 5321 reply code, where the server gave one. */
  readonly code?: number;
  /** RFC 3463 status code, where the server gave one. */
  readonly enhancedCode?: string;
}

/** The mail server took the mail. */
export interface InvitationEmailSent {
  readonly type: 'InvitationEmailSent';
  readonly data: AttemptOfEmail & MailReply;
}

/** Not now: the mail server, or the network before it, asked to come back later. */
export interface InvitationEmailDeferred {
  readonly type: 'InvitationEmailDeferred';
  readonly data: AttemptOfEmail &
    MailReply & {
      /** Absent where there is none: a report said meanwhile that an earlier attempt had brought the mail. */
      readonly nextAttemptAt?: Instant;
      /** A day after the first attempt: by then the mail was sent or has failed. */
      readonly giveUpAt?: Instant;
    };
}

/** Never: the mail server refused for good, or a day of deferrals went by. */
export interface InvitationEmailFailed {
  readonly type: 'InvitationEmailFailed';
  readonly data: AttemptOfEmail & MailReply;
}

/** A mail that our mail server took has reached the recipient's, told by a report that came later. Not every server tells. */
export interface InvitationEmailDelivered {
  readonly type: 'InvitationEmailDelivered';
  readonly data: MailOfIssue & {
    /** Where the report names it. */
    readonly attempt?: number;
    /** RFC 3463, where the report has one. */
    readonly enhancedCode?: string;
    /** What the recipient's mail server said, in one line. */
    readonly reply: string;
    readonly reportedBy: ReportSource;
    /** The attempt that was to come, where one was: it is not made. */
    readonly sparedAttempt?: number;
  };
}

/** A mail that the mail server took came back, or its recipient complained of it; told by a report that came later. */
export interface InvitationEmailBounced {
  readonly type: 'InvitationEmailBounced';
  readonly data: MailOfIssue & {
    /** Where the report names it. */
    readonly attempt?: number;
    readonly kind: BounceKind;
    /** RFC 3463, where the report has one. */
    readonly enhancedCode?: string;
    /** What the recipient's mail server said, in one line. */
    readonly reply: string;
    readonly reportedBy: ReportSource;
    /** Only of a transient one: the mail is late, and the mail server goes on trying. */
    readonly stillTrying?: true;
    /** Anybody may have made the report up: it is told, and changes nothing. */
    readonly unproven?: true;
  };
}

/** permanent: the address takes no mail. transient: this mail did not get through. complaint: reported as spam. */
export type BounceKind = 'permanent' | 'transient' | 'complaint';

export const REPORT_SOURCES = ['dsn', 'ses', 'sendgrid', 'mailgun', 'postmark'] as const;
/** Who told of a delivery or a bounce: a delivery status notification (RFC 3464), or the webhook of a provider. */
export type ReportSource = (typeof REPORT_SOURCES)[number];

/** Nothing was sent: mails to this address came back before, or were complained of. */
export interface InvitationEmailSuppressed {
  readonly type: 'InvitationEmailSuppressed';
  readonly data: AttemptOfEmail & { readonly reply: string };
}

export interface IssueOfInvitation {
  readonly invitationId: string;
  readonly issue: number;
}

/** One of the mails of an issue. */
export interface MailOfIssue extends IssueOfInvitation {
  /** Absent: the invitation itself. */
  readonly mail?: 'reminder';
}

export interface AttemptOfEmail extends MailOfIssue {
  /** Counts from 1 within the issue, whichever of its mails it is at. */
  readonly attempt: number;
}

/** Why somebody who followed a link was not let in. */
export type RefusalReason =
  | 'expired'
  | 'superseded'
  | 'revoked'
  | 'declined'
  | 'already-accepted'
  | 'removed'
  | 'inviter-not-allowed'
  | 'wrong-account';
