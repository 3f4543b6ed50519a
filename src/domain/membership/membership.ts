import type { Decider } from '../decider.js';
import { DomainError, TooSoon } from '../domain-error.js';
import { after, checkLifetime, type Instant } from '../lifetime.js';
import { remindAt } from '../reminders.js';
import type { InvitableRole } from '../role.js';
import { invitationId } from '../streams.js';
import { requireDomain } from '../workspace/invitation-domains.js';
import { requireAdministrator } from '../workspace/workspace.js';
import type {
  AcceptInvitation,
  InviteUser,
  MembershipCommand,
  ReceiveCorrected,
  ResendInvitation,
} from './commands.js';
import type { MembershipEvent } from './events.js';
import {
  dueExpiry,
  isInvitable,
  issuedAt,
  namedInvitation,
  type Outsider,
  obstacle,
  refusal,
  refusalError,
  requireInvitable,
  requireOpen,
  voucherMayInvite,
} from './invitation-rules.js';
import {
  beginEmailAttempt,
  giveUpEmail,
  recordBounce,
  recordDelivery,
  recordEmailOutcome,
  suppressEmail,
} from './mailing.js';
import { copyLink, correctAddress, requestRenewal } from './mending.js';
import { evolve, type Invitation, initialState, type MembershipState } from './state.js';

function decide(command: MembershipCommand, state: MembershipState): readonly MembershipEvent[] {
  switch (command.type) {
    case 'FoundMembership':
      // Asked for again after the founder has left, it must not let them back in.
      if (state.status !== 'none') return [];
      return [{ type: 'FounderJoined', data: { email: command.email, name: command.name } }];
    case 'InviteUser':
      return invite(command, state);
    case 'ResendInvitation':
      return resend(command, state);
    case 'RevokeInvitation': {
      requireAdministrator(command.by.role);
      const invitation = namedInvitation(state, command.invitationId);
      if (state.status === 'revoked') return [];
      requireOpen(state, 'withdrawn');
      return [{ type: 'InvitationRevoked', data: { invitationId: invitation.id } }];
    }
    case 'CorrectAddress':
      return correctAddress(command, state);
    case 'ReceiveCorrected':
      // Invited or let in by somebody else in the meantime: then the person is where they were meant to be.
      return isInvitable(state, command.now) ? newInvitation(command, state) : [];
    case 'CopyLink':
      return copyLink(command, state);
    case 'RequestRenewal':
      return requestRenewal(command, state);
    case 'AcceptInvitation':
      return accept(command, state);
    case 'DeclineInvitation': {
      const reason = obstacle(state, command, command.now);
      if (reason === 'declined') return [];
      if (reason) throw refusalError(reason);
      const { invitationId: id, issue } = command;
      return [{ type: 'InvitationDeclined', data: { invitationId: id, issue } }];
    }
    case 'RefuseAcceptance':
      return refusal(state, command, command.reason);
    case 'ExpireInvitation':
      if (state.invitation?.id !== command.invitationId || state.invitation.issue !== command.issue) return [];
      return dueExpiry(state, command.now);
    case 'ChangePermission':
      requireAdministrator(command.by.role);
      return changeRole(requireMovable(state), command.role);
    case 'AssumeOwnership': {
      const { role, succession } = requireActive(state);
      const { from, ordinal } = command;
      // An owner who has yet to cede and is the heir again renews the claim, or the step still due would end it.
      if (role === 'owner' && (succession?.ordinal ?? 0) >= ordinal) return [];
      return [
        { type: 'PermissionChanged', data: { role: 'owner', previousRole: role, succession: { from, ordinal } } },
      ];
    }
    case 'CedeOwnership':
      if (state.role !== 'owner' || (state.succession?.ordinal ?? 0) > command.ordinal) return [];
      return changeRole(requireActive(state), command.wasOwner ? 'administrator' : roleBeforeClaim(state));
    case 'RemoveUser':
      requireAdministrator(command.by.role);
      if (state.status === 'removed') return [];
      requireMovable(state);
      return [{ type: 'UserRemoved', data: {} }];
    case 'LeaveWorkspace':
      if (state.status === 'removed') return [];
      requireMovable(state);
      return [{ type: 'UserLeft', data: {} }];
    case 'BeginEmailAttempt':
      return beginEmailAttempt(command, state);
    case 'RecordEmailOutcome':
      return recordEmailOutcome(command, state);
    case 'GiveUpEmail':
      return giveUpEmail(command, state);
    case 'RecordDelivery':
      return recordDelivery(command, state);
    case 'RecordBounce':
      return recordBounce(command, state);
    case 'SuppressEmail':
      return suppressEmail(command, state);
  }
}

export const membership: Decider<MembershipCommand, MembershipState, MembershipEvent> = {
  initialState,
  decide,
  evolve,
};

function invite(command: InviteUser, state: MembershipState): MembershipEvent[] {
  requireAdministrator(command.by.role);
  checkLifetime(command.lifetimeSeconds);
  const outsider = requireInvitable(state, command.now);
  requireDomain(command.email, command.domains);
  if (outsider.invitation) requirePause(outsider.invitation, command);
  return newInvitation({ ...command, vouchedBy: command.by.userId }, outsider);
}

/** What `InviteUser` and `ReceiveCorrected` have in common. */
type NewInvitation = Omit<ReceiveCorrected, 'type' | 'correctedFrom'> & { readonly correctedFrom?: string };

function newInvitation(command: NewInvitation, state: Outsider): MembershipEvent[] {
  const { lifetimeSeconds, vouchedBy, correctedFrom } = command;
  const overdue = dueExpiry(state, command.now);
  // Who is invited again without a name is still called what they were.
  const { email, role, name = state.name, locale, message } = command;
  const previous = state.status === 'waiting' ? 'expired' : state.status;
  return [
    ...overdue,
    {
      type: 'UserInvited',
      data: {
        invitationId: invitationId(command, state.timesInvited + 1),
        email,
        role,
        invitedBy: vouchedBy,
        expiresAt: after(command.now, lifetimeSeconds),
        lifetimeSeconds,
        ...(name === undefined ? {} : { name }),
        ...(locale === undefined ? {} : { locale }),
        ...(message === undefined ? {} : { message }),
        ...(previous === 'none' ? {} : { previous }),
        ...(correctedFrom === undefined ? {} : { correctedFrom }),
        ...reminding(command, lifetimeSeconds),
      },
    },
  ];
}

function resend(command: ResendInvitation, state: MembershipState): MembershipEvent[] {
  requireAdministrator(command.by.role);
  const invitation = namedInvitation(state, command.invitationId);
  requireOpen(state, 'sent again');
  requireDomain(invitation.email, command.domains);
  requirePause(invitation, command);
  const lifetimeSeconds = checkLifetime(command.lifetimeSeconds ?? invitation.lifetimeSeconds);
  return [
    ...dueExpiry(state, command.now),
    {
      type: 'InvitationResent',
      data: {
        invitationId: invitation.id,
        issue: invitation.issue + 1,
        resentBy: command.by.userId,
        expiresAt: after(command.now, lifetimeSeconds),
        lifetimeSeconds,
        ...reminding(command, lifetimeSeconds),
      },
    },
  ];
}

function reminding(
  { now, remindAfterSeconds }: { readonly now: Instant; readonly remindAfterSeconds?: number },
  lifetimeSeconds: number,
): { readonly remindAt?: Instant } {
  const at = remindAfterSeconds && remindAt(now, after(now, lifetimeSeconds), remindAfterSeconds);
  return at ? { remindAt: at } : {};
}

/** Whoever is invited gets no mails in a heap because somebody clicks twice. */
function requirePause(invitation: Invitation, { now, pauseSeconds = 0 }: InviteUser | ResendInvitation): void {
  const possibleAt = after(issuedAt(invitation), pauseSeconds);
  if (pauseSeconds === 0 || now >= possibleAt) return;
  const waitSeconds = Math.ceil((Date.parse(possibleAt) - Date.parse(now)) / 1000);
  const message = `A mail to this person was made less than ${pauseSeconds} seconds ago. The next one can follow from ${possibleAt} on.`;
  throw new TooSoon('resend-too-soon', message, possibleAt, waitSeconds);
}

/** The events of a refusal are returned, not thrown: that somebody was turned away is a fact like any other. */
function accept(command: AcceptInvitation, state: MembershipState): MembershipEvent[] {
  const { invitation } = state;
  if (!invitation) return [];
  const reason =
    obstacle(state, command, command.now) ??
    (voucherMayInvite(command.voucherRole) ? undefined : ('inviter-not-allowed' as const));
  if (reason) return [...dueExpiry(state, command.now), ...refusal(state, command, reason)];
  const { invitationId: id, issue, name } = command;
  return [{ type: 'InvitationAccepted', data: { invitationId: id, issue, name, role: invitation.role } }];
}

function roleBeforeClaim({ succession }: MembershipState): InvitableRole {
  const role = succession?.previousRole ?? 'owner';
  return role === 'owner' ? 'administrator' : role;
}

function changeRole(state: ActiveState, role: ActiveState['role']): MembershipEvent[] {
  if (state.role === role) return [];
  return [{ type: 'PermissionChanged', data: { role, previousRole: state.role } }];
}

type ActiveState = MembershipState & { readonly role: NonNullable<MembershipState['role']> };

function requireActive(state: MembershipState): ActiveState {
  if (state.status === 'active' && state.role) return { ...state, role: state.role };
  throw new DomainError(
    state.status === 'none' ? 'user-not-found' : 'not-active',
    state.status === 'none'
      ? 'There is no such person in this workspace.'
      : 'This person is not an active member of the workspace.',
  );
}

/** An active member who is not the owner. */
function requireMovable(state: MembershipState): ActiveState {
  const active = requireActive(state);
  if (active.role === 'owner') {
    throw new DomainError(
      'owner-required',
      'A workspace always has an owner: transfer the ownership to somebody else first.',
    );
  }
  return active;
}
