import { DomainError } from '../domain-error.js';
import { parseInvitationId } from '../streams.js';
import { requireAdministrator } from '../workspace/workspace.js';
import type { CopyLink, CorrectAddress } from './commands.js';
import type { MembershipEvent } from './events.js';
import { dueExpiry, hasExpired, namedInvitation, requireOpen } from './invitation-rules.js';
import type { MembershipState } from './state.js';

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
