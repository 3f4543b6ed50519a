import type { Instant } from '../lifetime.js';
import type { InvitableRole, Role } from '../role.js';
import type {
  InvitationResent,
  IssueOfInvitation,
  MailOfIssue,
  MembershipEvent,
  PermissionChanged,
  RefusalReason,
  UserInvited,
} from './events.js';

export type MembershipStatus = 'none' | 'waiting' | 'active' | 'expired' | 'revoked' | 'declined' | 'removed';

/** What one address is to one workspace, as far as decisions need to know. */
export interface MembershipState {
  readonly status: MembershipStatus;
  /** How many times this address was invited. */
  readonly timesInvited: number;
  /** The address as last typed, and the name as last known. */
  readonly email?: string;
  readonly name?: string;
  /** While active. */
  readonly role?: Role;
  /** While the role is owner, for anybody but the founder: how they came to be. */
  readonly succession?: { readonly from: string; readonly ordinal: number; readonly previousRole: Role };
  /** When somebody last asked for a new link. */
  readonly renewalRequestedAt?: Instant;
  /** The newest invitation, whatever became of it; absent for a founder. */
  readonly invitation?: Invitation;
}

export interface Invitation {
  readonly id: string;
  readonly issue: number;
  readonly role: InvitableRole;
  readonly email: string;
  /** Who answers for the newest issue: the inviter, or whoever sent it again. */
  readonly vouchedBy: string;
  readonly expiresAt: Instant;
  readonly lifetimeSeconds: number;
  readonly locale?: string;
  readonly message?: string;
  readonly emailAttempt?: EmailAttempt;
  /** Why the newest issue is not mailed any more, however its attempts ended. */
  readonly mailEnded?: 'bounced' | 'suppressed';
  /** The user id of the address where it goes on, once that was corrected. */
  readonly correctedTo?: string;
  readonly lastRefusal?: { readonly issue: number; readonly reason: RefusalReason };
}

/** The newest attempt to mail the newest issue. `under-way` means that its outcome is not recorded yet. */
export interface EmailAttempt {
  readonly attempt: number;
  readonly outcome: 'under-way' | 'sent' | 'deferred' | 'failed';
  /** When the first attempt at the same mail began. */
  readonly since: Instant;
  readonly messageId: string;
  /** The first attempt at the reminder, where there was one: those before it were at the invitation. */
  readonly reminderFrom?: number;
  /** A report said that this mail arrived, by whichever attempt: another one would bring a second copy. */
  readonly hasArrived?: true;
}

/** Which mail an attempt is, or was, at: undefined for the invitation itself. */
export function mailOf({ attempt, reminderFrom }: EmailAttempt, which = attempt): MailOfIssue['mail'] {
  return reminderFrom !== undefined && which >= reminderFrom ? 'reminder' : undefined;
}

export const initialState: MembershipState = { status: 'none', timesInvited: 0 };

/** Total: an event that makes no sense in a state (which no decision would have written) changes nothing. */
export function evolve(state: MembershipState, event: MembershipEvent): MembershipState {
  switch (event.type) {
    case 'FounderJoined':
      if (state.status !== 'none') return state;
      return { ...state, status: 'active', role: 'owner', email: event.data.email, name: event.data.name };
    case 'UserInvited':
      return state.status === 'waiting' || state.status === 'active' ? state : invited(state, event.data);
    case 'InvitationResent':
      return isOpen(state, event.data) ? resent(state, event.data) : state;
    case 'InvitationRevoked':
      return isOpen(state, event.data) ? { ...state, status: 'revoked' } : state;
    case 'InvitationAddressCorrected': {
      const { to } = event.data;
      if (!isOpen(state, event.data)) return state;
      return { ...state, status: 'revoked', invitation: { ...state.invitation, correctedTo: to.userId } };
    }
    case 'InvitationDeclined':
      return isWaiting(state, event.data) ? { ...state, status: 'declined' } : state;
    case 'InvitationExpired':
      return isWaiting(state, event.data) ? { ...state, status: 'expired' } : state;
    case 'InvitationAccepted': {
      const { name, role } = event.data;
      return isWaiting(state, event.data) ? { ...state, status: 'active', name, role } : state;
    }
    case 'InvitationAcceptanceRefused': {
      const { issue, reason } = event.data;
      if (!isAboutNewest(state, event.data)) return state;
      return { ...state, invitation: { ...state.invitation, lastRefusal: { issue, reason } } };
    }
    case 'PermissionChanged':
      return state.status === 'active' ? withRole(state, event.data) : state;
    case 'UserRemoved':
    case 'UserLeft':
      return state.status === 'active' ? { ...withoutRole(state), status: 'removed' } : state;
    case 'InvitationEmailAttempted':
    case 'InvitationEmailSent':
    case 'InvitationEmailDeferred':
    case 'InvitationEmailFailed':
      return withEmailAttempt(state, event);
    case 'InvitationEmailDelivered':
      return withArrival(state, event.data);
    case 'InvitationEmailBounced':
      return event.data.stillTrying || event.data.unproven ? state : withMailEnded(state, event.data, 'bounced');
    case 'InvitationEmailSuppressed':
      return withMailEnded(state, event.data, 'suppressed');
    case 'InvitationRenewalRequested':
      return isAboutNewest(state, event.data) ? { ...state, renewalRequestedAt: event.data.requestedAt } : state;
    default:
      return state;
  }
}

function invited(state: MembershipState, data: UserInvited['data']): MembershipState {
  const { invitationId: id, email, role, invitedBy, expiresAt, lifetimeSeconds, name, locale, message } = data;
  // Who asked for a new link to an older invitation has been answered by this one.
  const { name: _previousName, renewalRequestedAt: _answered, ...rest } = withoutRole(state);
  return {
    ...rest,
    status: 'waiting',
    timesInvited: state.timesInvited + 1,
    email,
    ...(name === undefined ? {} : { name }),
    invitation: {
      id,
      issue: 1,
      role,
      email,
      vouchedBy: invitedBy,
      expiresAt,
      lifetimeSeconds,
      ...(locale === undefined ? {} : { locale }),
      ...(message === undefined ? {} : { message }),
    },
  };
}

function resent(state: Invited, { issue, resentBy, expiresAt, lifetimeSeconds }: InvitationResent['data']): Invited {
  const { emailAttempt: _ofOlderIssue, mailEnded: _ofOlderMail, ...invitation } = state.invitation;
  return {
    ...state,
    status: 'waiting',
    invitation: { ...invitation, issue, vouchedBy: resentBy, expiresAt, lifetimeSeconds },
  };
}

type Invited = MembershipState & { readonly invitation: Invitation };

function isAboutNewest(state: MembershipState, about: Pick<IssueOfInvitation, 'invitationId'>): state is Invited {
  return state.invitation?.id === about.invitationId;
}

/** Neither answered nor withdrawn: what can be sent again. */
function isOpen(state: MembershipState, about: Pick<IssueOfInvitation, 'invitationId'>): state is Invited {
  return isAboutNewest(state, about) && (state.status === 'waiting' || state.status === 'expired');
}

/** Waiting for an answer to this very issue. */
function isWaiting(state: MembershipState, about: IssueOfInvitation): state is Invited {
  return isAboutNewest(state, about) && state.status === 'waiting' && state.invitation.issue === about.issue;
}

type EmailEvent = Extract<MembershipEvent, { type: keyof typeof OUTCOMES }>;

const OUTCOMES = {
  InvitationEmailAttempted: 'under-way',
  InvitationEmailSent: 'sent',
  InvitationEmailDeferred: 'deferred',
  InvitationEmailFailed: 'failed',
} as const satisfies Partial<Record<MembershipEvent['type'], EmailAttempt['outcome']>>;

/** The outcome of an attempt at an older issue says nothing of the newest one. */
function withEmailAttempt(state: MembershipState, event: EmailEvent): MembershipState {
  const { invitation } = state;
  const { invitationId, issue, attempt } = event.data;
  if (invitation?.id !== invitationId || invitation.issue !== issue) return state;
  const outcome = OUTCOMES[event.type];
  if (event.type === 'InvitationEmailAttempted') {
    const { since, messageId, mail } = event.data;
    const last = invitation.emailAttempt;
    const reminderFrom = last?.reminderFrom ?? (mail && attempt);
    const begun: EmailAttempt = {
      attempt,
      outcome,
      since,
      messageId,
      ...(reminderFrom === undefined ? {} : { reminderFrom }),
      ...(last?.hasArrived && mailOf(last) === mail ? { hasArrived: true } : {}),
    };
    return { ...state, invitation: { ...invitation, emailAttempt: begun } };
  }
  if (invitation.emailAttempt?.attempt !== attempt) return state;
  return { ...state, invitation: { ...invitation, emailAttempt: { ...invitation.emailAttempt, outcome } } };
}

/** That the invitation arrived says nothing of its reminder, once that has been begun. */
function withArrival(state: MembershipState, { issue, mail, ...about }: MailOfIssue): MembershipState {
  if (!isAboutNewest(state, about) || state.invitation.issue !== issue) return state;
  const { emailAttempt } = state.invitation;
  if (!emailAttempt || mailOf(emailAttempt) !== mail) return state;
  return { ...state, invitation: { ...state.invitation, emailAttempt: { ...emailAttempt, hasArrived: true } } };
}

/** Whoever has joined since is not concerned by what became of their mail, and neither is a newer issue. */
function withMailEnded(
  state: MembershipState,
  about: IssueOfInvitation,
  mailEnded: NonNullable<Invitation['mailEnded']>,
): MembershipState {
  if (!isAboutNewest(state, about) || state.invitation.issue !== about.issue) return state;
  if (state.status === 'active' || state.status === 'removed') return state;
  return { ...state, invitation: { ...state.invitation, mailEnded } };
}

function withRole(state: MembershipState, changed: PermissionChanged['data']): MembershipState {
  const { role, previousRole, succession } = changed;
  return { ...withoutRole(state), role, ...(succession && { succession: { ...succession, previousRole } }) };
}

function withoutRole({ role: _role, succession: _succession, ...state }: MembershipState) {
  return state;
}
