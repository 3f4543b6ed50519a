import { DomainError } from '../domain-error.js';
import { after } from '../lifetime.js';
import { parseInvitationId } from '../streams.js';
import { requireDomain } from '../workspace/invitation-domains.js';
import { requireAdministrator } from '../workspace/workspace.js';
import type { CopyLink, CorrectAddress, RequestRenewal } from './commands.js';
import type { MembershipEvent } from './events.js';
import { dueExpiry, hasExpired, namedInvitation, obstacle, refusalError, requireOpen } from './invitation-rules.js';
import type { MembershipState } from './state.js';

/** How often the inviter is told that a new link is asked for, in seconds: once in so many. */
const RENEWAL_REQUEST_SECONDS = 24 * 60 * 60;

/** Ends the invitation here; that it goes on at the other address is for that membership to say. */
export function correctAddress(command: CorrectAddress, state: MembershipState): MembershipEvent[] {
  requireAdministrator(command.by.role);
  const { to, vouchedBy } = command;
  const invitation = namedInvitation(state, command.invitationId);
  if (invitation.correctedTo === to.userId) return [];
  requireOpen(state, 'moved to another address');
  if (parseInvitationId(invitation.id)?.userId === to.userId) {
    throw new DomainError('same-address', 'The invitation is for this very address. Send it again instead.');
  }
  requireDomain(to.email, command.domains);
  const corrected = { invitationId: invitation.id, to, vouchedBy };
  return [...dueExpiry(state, command.now), { type: 'InvitationAddressCorrected', data: corrected }];
}

/** Each copy is recorded: a link that was passed on by hand is what somebody may ask for one day. */
export function copyLink(command: CopyLink, state: MembershipState): MembershipEvent[] {
  requireAdministrator(command.by.role);
  const { id, issue, expiresAt } = namedInvitation(state, command.invitationId);
  requireOpen(state, 'passed on by its link');
  if (state.status === 'expired' || hasExpired({ expiresAt }, command.now)) {
    throw new DomainError(
      'invitation-expired',
      'This invitation has expired, and its link with it. Send it again: that makes a new link.',
    );
  }
  return [{ type: 'InvitationLinkCopied', data: { invitationId: id, issue, by: command.by.userId } }];
}

/** Nothing is said of who asks more often than the inviter is told: they have been heard. */
export function requestRenewal(command: RequestRenewal, state: MembershipState): MembershipEvent[] {
  const { invitation, renewalRequestedAt } = state;
  const { now, issue } = command;
  if (!invitation) throw refusalError('revoked');
  const { id: invitationId } = invitation;
  const inTheWay = obstacle(state, { invitationId, issue: invitation.issue }, now);
  if (inTheWay !== undefined && inTheWay !== 'expired') throw refusalError(inTheWay);
  if (obstacle(state, command, now) === undefined) {
    throw new DomainError('renewal-not-needed', 'This link is still good. Accept the invitation with it.');
  }
  if (renewalRequestedAt !== undefined && now < after(renewalRequestedAt, RENEWAL_REQUEST_SECONDS)) return [];
  return [
    ...dueExpiry(state, now),
    { type: 'InvitationRenewalRequested', data: { invitationId, issue, requestedAt: now } },
  ];
}
