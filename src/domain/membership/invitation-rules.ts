import { DomainError } from '../domain-error.js';
import { after, type Instant } from '../lifetime.js';
import { mayAdminister, type Role } from '../role.js';
import type { IssueOfInvitation, MembershipEvent, RefusalReason } from './events.js';
import type { Invitation, MembershipState, MembershipStatus } from './state.js';

/**
 * Whether the holder of a link may still use it, and if not, why. The one rule that looking an invitation up, accepting
 * and declining share.
 */
export function obstacle(state: MembershipState, link: IssueOfInvitation, now: Instant): RefusalReason | undefined {
  const { invitation } = state;
  if (!invitation) return 'revoked';
  if (invitation.id !== link.invitationId) return state.status === 'active' ? 'already-accepted' : 'superseded';
  switch (state.status) {
    case 'active':
      return 'already-accepted';
    case 'removed':
    case 'revoked':
    case 'declined':
      return state.status;
    default:
      break;
  }
  if (invitation.issue !== link.issue) return 'superseded';
  return state.status === 'expired' || hasExpired(invitation, now) ? 'expired' : undefined;
}

/** When the newest issue was made. */
export function issuedAt({ expiresAt, lifetimeSeconds }: Invitation): Instant {
  return after(expiresAt, -lifetimeSeconds);
}

/** Past its time, whether or not that has been recorded yet. */
export function hasExpired(invitation: Pick<Invitation, 'expiresAt'>, now: Instant): boolean {
  return now >= invitation.expiresAt;
}

/** The fact that the invitation has expired, where it has and no event says so yet. */
export function dueExpiry(state: MembershipState, now: Instant): MembershipEvent[] {
  const { invitation } = state;
  if (state.status !== 'waiting' || !invitation || !hasExpired(invitation, now)) return [];
  return [{ type: 'InvitationExpired', data: { invitationId: invitation.id, issue: invitation.issue } }];
}

/** Records a refusal, but not the same one over and over. */
export function refusal(state: MembershipState, link: IssueOfInvitation, reason: RefusalReason): MembershipEvent[] {
  const { invitation } = state;
  // An older invitation of the same person is refused under the newest one's id: that is the one whose story it is part of.
  if (!invitation) return [];
  if (invitation.lastRefusal?.issue === link.issue && invitation.lastRefusal.reason === reason) return [];
  return [{ type: 'InvitationAcceptanceRefused', data: { invitationId: invitation.id, issue: link.issue, reason } }];
}

/** The newest invitation, if it is the one that was named. */
export function namedInvitation(state: MembershipState, invitationId: string): Invitation {
  if (state.invitation?.id === invitationId) return state.invitation;
  if (state.invitation) {
    throw new DomainError(
      'invitation-superseded',
      `This person has been invited again since; use the newer invitation ${state.invitation.id}.`,
    );
  }
  throw new DomainError('invitation-not-found', 'There is no such invitation in this workspace.');
}

/** Somebody who is not in the workspace. */
export type Outsider = MembershipState & { readonly status: Exclude<MembershipStatus, 'active'> };

/** Neither in the workspace nor about to be. */
export function isInvitable(state: MembershipState, now: Instant): state is Outsider {
  return state.status !== 'active' && (state.status !== 'waiting' || dueExpiry(state, now).length > 0);
}

/** @throws DomainError `already-member`, `already-invited` */
export function requireInvitable(state: MembershipState, now: Instant): Outsider {
  if (isInvitable(state, now)) return state;
  if (state.status === 'active') throw new DomainError('already-member', 'This person is in the workspace already.');
  throw new DomainError('already-invited', 'This person has an open invitation. Resend it instead.');
}

/** Neither answered nor withdrawn. @throws DomainError `invitation-not-open` */
export function requireOpen(state: MembershipState, what: string): void {
  if (state.status !== 'waiting' && state.status !== 'expired') {
    throw new DomainError(
      'invitation-not-open',
      `Only an invitation that waits or has expired can be ${what}; this one is ${state.status === 'active' ? 'accepted' : state.status}.`,
    );
  }
}

/** Whether whoever vouches for an invitation may still let people in. */
export function voucherMayInvite(role: Role | undefined): boolean {
  return mayAdminister(role);
}

const REFUSALS = {
  expired: ['invitation-expired', 'This invitation has expired. Ask the person who invited you to send it again.'],
  superseded: ['invitation-superseded', 'A newer link was sent to you. Use the one in the latest e-mail.'],
  revoked: ['invitation-revoked', 'This invitation was withdrawn. Ask the person who invited you for a new one.'],
  declined: ['invitation-declined', 'This invitation was declined. Ask the person who invited you for a new one.'],
  'already-accepted': ['invitation-already-accepted', 'This invitation has been accepted already. Sign in instead.'],
  removed: [
    'invitation-already-accepted',
    'This invitation was used before, and you were removed from the workspace since. Ask for a new one.',
  ],
  'inviter-not-allowed': [
    'inviter-not-allowed',
    'The person who invited you may no longer do so. Ask an administrator of the workspace to send the invitation again.',
  ],
  'wrong-account': [
    'wrong-account',
    'This invitation is for another address. Sign in with the address that it was sent to.',
  ],
} as const;

/** A refusal as the error that its asker gets. */
export function refusalError(reason: RefusalReason): DomainError {
  const [code, message] = REFUSALS[reason];
  return new DomainError(code, message);
}
