/**
 * Events of one membership, each with the usual data and room for what a spec is about. The usual story: at the
 * beginning the owner invites somebody as a developer, for seven days.
 */
import type { Instant } from '../../../src/domain/lifetime.js';
import type { MembershipEvent, RefusalReason } from '../../../src/domain/membership/events.js';
import type { InvitableRole, Role } from '../../../src/domain/role.js';
import { invitationId } from '../../../src/domain/streams.js';
import { ADMINISTRATOR, DAY, day, EMAIL, hour, INVITEE, idOf, OWNER, WORKSPACE } from './people-and-time.js';

type EventOf<Type extends MembershipEvent['type']> = Extract<MembershipEvent, { type: Type }>;
type DataOf<Type extends MembershipEvent['type']> = EventOf<Type>['data'];

/** The id of the invitee's n-th invitation. */
export function nth(ordinal: number): string {
  return invitationId({ workspaceId: WORKSPACE, userId: INVITEE }, ordinal);
}

export const FIRST = nth(1);
export const SECOND = nth(2);
/** The right address of somebody who was invited at a wrong one. */
export const ELSEWHERE = { userId: idOf('elsewhere'), email: 'elsewhere@example.com' };
export const MESSAGE_ID = '<first@example.com>';

export function founderJoined(): EventOf<'FounderJoined'> {
  return { type: 'FounderJoined', data: { email: EMAIL, name: 'Founder' } };
}

export function invited(data: Partial<DataOf<'UserInvited'>> = {}): EventOf<'UserInvited'> {
  const usual = {
    invitationId: FIRST,
    email: EMAIL,
    role: 'developer',
    invitedBy: OWNER.userId,
    expiresAt: day(7),
    lifetimeSeconds: 7 * DAY,
  } as const;
  return { type: 'UserInvited', data: { ...usual, ...data } };
}

export function resent(data: Partial<DataOf<'InvitationResent'>> = {}): EventOf<'InvitationResent'> {
  const usual = {
    invitationId: FIRST,
    issue: 2,
    resentBy: ADMINISTRATOR.userId,
    expiresAt: day(8),
    lifetimeSeconds: 7 * DAY,
  };
  return { type: 'InvitationResent', data: { ...usual, ...data } };
}

export function revoked(id = FIRST): EventOf<'InvitationRevoked'> {
  return { type: 'InvitationRevoked', data: { invitationId: id } };
}

/** The invitation went on at another address. */
export function addressCorrected(
  data: Partial<DataOf<'InvitationAddressCorrected'>> = {},
): EventOf<'InvitationAddressCorrected'> {
  const usual = { invitationId: FIRST, to: ELSEWHERE, vouchedBy: OWNER.userId };
  return { type: 'InvitationAddressCorrected', data: { ...usual, ...data } };
}

export function linkCopied(data: Partial<DataOf<'InvitationLinkCopied'>> = {}): EventOf<'InvitationLinkCopied'> {
  return { type: 'InvitationLinkCopied', data: { invitationId: FIRST, issue: 1, by: OWNER.userId, ...data } };
}

export function renewalRequested(
  requestedAt: Instant,
  data: Partial<DataOf<'InvitationRenewalRequested'>> = {},
): EventOf<'InvitationRenewalRequested'> {
  return { type: 'InvitationRenewalRequested', data: { invitationId: FIRST, issue: 1, requestedAt, ...data } };
}

export function declined(id = FIRST, issue = 1): EventOf<'InvitationDeclined'> {
  return { type: 'InvitationDeclined', data: { invitationId: id, issue } };
}

export function expired(id = FIRST, issue = 1): EventOf<'InvitationExpired'> {
  return { type: 'InvitationExpired', data: { invitationId: id, issue } };
}

export function accepted(data: Partial<DataOf<'InvitationAccepted'>> = {}): EventOf<'InvitationAccepted'> {
  const usual = { invitationId: FIRST, issue: 1, name: 'Newcomer', role: 'developer' } as const;
  return { type: 'InvitationAccepted', data: { ...usual, ...data } };
}

export function refused(reason: RefusalReason, id = FIRST, issue = 1): EventOf<'InvitationAcceptanceRefused'> {
  return { type: 'InvitationAcceptanceRefused', data: { invitationId: id, issue, reason } };
}

export function permissionChanged(previousRole: Role, role: InvitableRole): EventOf<'PermissionChanged'> {
  return { type: 'PermissionChanged', data: { role, previousRole } };
}

/** The first step of the workspace's `ordinal`-th ownership transfer. */
export function ownershipAssumed(previousRole: Role, ordinal = 1, from: string = OWNER.userId) {
  const data = { role: 'owner', previousRole, succession: { from, ordinal } } as const;
  return { type: 'PermissionChanged', data } as const satisfies MembershipEvent;
}

export function removed(): EventOf<'UserRemoved'> {
  return { type: 'UserRemoved', data: {} };
}

export function left(): EventOf<'UserLeft'> {
  return { type: 'UserLeft', data: {} };
}

export function attempted(data: Partial<DataOf<'InvitationEmailAttempted'>> = {}): EventOf<'InvitationEmailAttempted'> {
  const usual = { invitationId: FIRST, issue: 1, attempt: 1, messageId: MESSAGE_ID, since: hour(0) };
  return { type: 'InvitationEmailAttempted', data: { ...usual, ...data } };
}

export function emailSent(data: Partial<DataOf<'InvitationEmailSent'>> = {}): EventOf<'InvitationEmailSent'> {
  const usual = { invitationId: FIRST, issue: 1, attempt: 1, reply: '250 taken' };
  return { type: 'InvitationEmailSent', data: { ...usual, ...data } };
}

export function emailDeferred(
  nextAttemptAt: Instant,
  data: Partial<DataOf<'InvitationEmailDeferred'>> = {},
): EventOf<'InvitationEmailDeferred'> {
  const usual = {
    invitationId: FIRST,
    issue: 1,
    attempt: 1,
    reply: '451 come back',
    nextAttemptAt,
    giveUpAt: hour(24),
  };
  return { type: 'InvitationEmailDeferred', data: { ...usual, ...data } };
}

export function emailFailed(data: Partial<DataOf<'InvitationEmailFailed'>> = {}): EventOf<'InvitationEmailFailed'> {
  const usual = { invitationId: FIRST, issue: 1, attempt: 1, reply: '550 no such mailbox' };
  return { type: 'InvitationEmailFailed', data: { ...usual, ...data } };
}

export function emailDelivered(
  data: Partial<DataOf<'InvitationEmailDelivered'>> = {},
): EventOf<'InvitationEmailDelivered'> {
  const usual = { invitationId: FIRST, issue: 1, attempt: 1, reply: '250 taken', reportedBy: 'ses' } as const;
  return { type: 'InvitationEmailDelivered', data: { ...usual, ...data } };
}

export function emailBounced(data: Partial<DataOf<'InvitationEmailBounced'>> = {}): EventOf<'InvitationEmailBounced'> {
  const usual = {
    invitationId: FIRST,
    issue: 1,
    attempt: 1,
    kind: 'permanent',
    reply: '550 gone',
    reportedBy: 'dsn',
  } as const;
  return { type: 'InvitationEmailBounced', data: { ...usual, ...data } };
}

export function emailSuppressed(
  data: Partial<DataOf<'InvitationEmailSuppressed'>> = {},
): EventOf<'InvitationEmailSuppressed'> {
  const usual = { invitationId: FIRST, issue: 1, attempt: 1, reply: 'came back before' };
  return { type: 'InvitationEmailSuppressed', data: { ...usual, ...data } };
}
