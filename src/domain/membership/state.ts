import type { Instant } from '../lifetime.js';
import type { InvitableRole, Role } from '../role.js';
import type { MembershipEvent, PermissionChanged, RefusalReason, UserInvited } from './events.js';

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
  readonly succession?: { readonly from: string; readonly ordinal: number };
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
  readonly lastRefusal?: { readonly issue: number; readonly reason: RefusalReason };
}

/** The newest attempt to mail the newest issue. `underWay` means that its outcome is not recorded yet. */
export interface EmailAttempt {
  readonly attempt: number;
  readonly outcome: 'under-way' | 'sent' | 'deferred' | 'failed';
  readonly since: Instant;
  readonly messageId: string;
}

export const initialState: MembershipState = { status: 'none', timesInvited: 0 };

/** Total: an event that makes no sense in a state (which no decision would have written) changes nothing. */
export function evolve(state: MembershipState, event: MembershipEvent): MembershipState {
  switch (event.type) {
    case 'FounderJoined':
      return { ...state, status: 'active', role: 'owner', email: event.data.email, name: event.data.name };
    case 'UserInvited':
      return invited(state, event.data);
    case 'InvitationResent':
      return withIssue(state, event.data.invitationId, (invitation) => ({
        status: 'waiting',
        invitation: {
          ...withoutAttempt(invitation),
          issue: event.data.issue,
          vouchedBy: event.data.resentBy,
          expiresAt: event.data.expiresAt,
        },
      }));
    case 'InvitationRevoked':
      return withIssue(state, event.data.invitationId, () => ({ status: 'revoked' }));
    case 'InvitationDeclined':
      return withIssue(state, event.data.invitationId, () => ({ status: 'declined' }));
    case 'InvitationExpired':
      return withIssue(state, event.data.invitationId, () => ({ status: 'expired' }));
    case 'InvitationAccepted':
      return withIssue(state, event.data.invitationId, () => ({
        status: 'active',
        name: event.data.name,
        role: event.data.role,
      }));
    case 'InvitationAcceptanceRefused':
      return withIssue(state, event.data.invitationId, (invitation) => ({
        invitation: { ...invitation, lastRefusal: { issue: event.data.issue, reason: event.data.reason } },
      }));
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
    default:
      return state;
  }
}

function invited(state: MembershipState, data: UserInvited['data']): MembershipState {
  const { invitationId: id, email, role, invitedBy, expiresAt, lifetimeSeconds, name, locale, message } = data;
  const { name: _previousName, ...rest } = withoutRole(state);
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

/** Applies a change when the event is about the newest invitation, and nothing otherwise. */
function withIssue(
  state: MembershipState,
  invitationId: string,
  change: (invitation: Invitation) => Partial<MembershipState>,
): MembershipState {
  if (state.invitation?.id !== invitationId) return state;
  return { ...state, ...change(state.invitation) };
}

type EmailEvent = Extract<MembershipEvent, { type: `InvitationEmail${string}` }>;

const OUTCOMES = {
  InvitationEmailAttempted: 'under-way',
  InvitationEmailSent: 'sent',
  InvitationEmailDeferred: 'deferred',
  InvitationEmailFailed: 'failed',
} as const satisfies Record<EmailEvent['type'], EmailAttempt['outcome']>;

/** The outcome of an attempt at an older issue says nothing of the newest one. */
function withEmailAttempt(state: MembershipState, event: EmailEvent): MembershipState {
  const { invitation } = state;
  const { invitationId, issue, attempt } = event.data;
  if (invitation?.id !== invitationId || invitation.issue !== issue) return state;
  const outcome = OUTCOMES[event.type];
  if (event.type === 'InvitationEmailAttempted') {
    const { since, messageId } = event.data;
    return { ...state, invitation: { ...invitation, emailAttempt: { attempt, outcome, since, messageId } } };
  }
  if (invitation.emailAttempt?.attempt !== attempt) return state;
  return { ...state, invitation: { ...invitation, emailAttempt: { ...invitation.emailAttempt, outcome } } };
}

function withoutAttempt({ emailAttempt: _attempt, ...invitation }: Invitation): Omit<Invitation, 'emailAttempt'> {
  return invitation;
}

function withRole(state: MembershipState, { role, succession }: PermissionChanged['data']): MembershipState {
  return { ...withoutRole(state), role, ...(succession === undefined ? {} : { succession }) };
}

function withoutRole({ role: _role, succession: _succession, ...state }: MembershipState) {
  return state;
}
