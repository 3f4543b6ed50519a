/** Commands to one membership, each with the usual data and room for what a spec is about. */
import type { Instant } from '../../../src/domain/lifetime.js';
import type * as Command from '../../../src/domain/membership/commands.js';
import type { RefusalReason } from '../../../src/domain/membership/events.js';
import type { InvitableRole, Role } from '../../../src/domain/role.js';
import { invitationId } from '../../../src/domain/streams.js';
import { EVERY_DOMAIN } from '../../../src/domain/workspace/invitation-domains.js';
import { ELSEWHERE, FIRST, MESSAGE_ID } from './membership-events.js';
import { DAY, EMAIL, hour, INVITEE, idOf, OWNER, WORKSPACE } from './people-and-time.js';

/** An invitation that was made for a wrong address. */
export const WRONG = invitationId({ workspaceId: WORKSPACE, userId: idOf('wrong') }, 1);

export function found(): Command.FoundMembership {
  return { type: 'FoundMembership', email: EMAIL, name: 'Founder' };
}

export function invite(over: Partial<Command.InviteUser> = {}): Command.InviteUser {
  return {
    type: 'InviteUser',
    by: OWNER,
    now: hour(0),
    workspaceId: WORKSPACE,
    userId: INVITEE,
    email: EMAIL,
    role: 'developer',
    lifetimeSeconds: 7 * DAY,
    domains: EVERY_DOMAIN,
    ...over,
  };
}

export function resend(over: Partial<Command.ResendInvitation> = {}): Command.ResendInvitation {
  return { type: 'ResendInvitation', by: OWNER, now: hour(1), invitationId: FIRST, domains: EVERY_DOMAIN, ...over };
}

export function revoke(over: Partial<Command.RevokeInvitation> = {}): Command.RevokeInvitation {
  return { type: 'RevokeInvitation', by: OWNER, invitationId: FIRST, ...over };
}

export function correctAddress(over: Partial<Command.CorrectAddress> = {}): Command.CorrectAddress {
  const usual = { by: OWNER, now: hour(1), invitationId: FIRST, to: ELSEWHERE, vouchedBy: OWNER.userId };
  return { type: 'CorrectAddress', ...usual, domains: EVERY_DOMAIN, ...over };
}

export function copyLink(over: Partial<Command.CopyLink> = {}): Command.CopyLink {
  return { type: 'CopyLink', by: OWNER, now: hour(1), invitationId: FIRST, ...over };
}

export function requestRenewal(now: Instant, over: Partial<Command.RequestRenewal> = {}): Command.RequestRenewal {
  return { type: 'RequestRenewal', invitationId: FIRST, issue: 1, now, ...over };
}

export function receiveCorrected(over: Partial<Command.ReceiveCorrected> = {}): Command.ReceiveCorrected {
  const { type: _type, by: _by, domains: _domains, ...usual } = invite();
  return { type: 'ReceiveCorrected', ...usual, vouchedBy: OWNER.userId, correctedFrom: WRONG, ...over };
}

export function accept(over: Partial<Command.AcceptInvitation> = {}): Command.AcceptInvitation {
  const usual = { invitationId: FIRST, issue: 1, now: hour(1), name: 'Newcomer', voucherRole: OWNER.role };
  return { type: 'AcceptInvitation', ...usual, ...over };
}

export function decline(over: Partial<Command.DeclineInvitation> = {}): Command.DeclineInvitation {
  return { type: 'DeclineInvitation', invitationId: FIRST, issue: 1, now: hour(1), ...over };
}

export function refuse(reason: RefusalReason, id = FIRST, issue = 1): Command.RefuseAcceptance {
  return { type: 'RefuseAcceptance', invitationId: id, issue, reason };
}

export function expire(now: Instant, over: Partial<Command.ExpireInvitation> = {}): Command.ExpireInvitation {
  return { type: 'ExpireInvitation', invitationId: FIRST, issue: 1, now, ...over };
}

export function changePermission(role: InvitableRole, by: Command.Actor = OWNER): Command.ChangePermission {
  return { type: 'ChangePermission', by, role };
}

export function assumeOwnership(ordinal = 1, from: string = OWNER.userId): Command.AssumeOwnership {
  return { type: 'AssumeOwnership', from, ordinal };
}

export function cedeOwnership(ordinal = 1, wasOwner = true): Command.CedeOwnership {
  return { type: 'CedeOwnership', ordinal, wasOwner };
}

export function remove(by: Command.Actor = OWNER): Command.RemoveUser {
  return { type: 'RemoveUser', by };
}

export function leave(): Command.LeaveWorkspace {
  return { type: 'LeaveWorkspace' };
}

export function beginEmail(now: Instant, over: Partial<Command.BeginEmailAttempt> = {}): Command.BeginEmailAttempt {
  return { type: 'BeginEmailAttempt', invitationId: FIRST, issue: 1, now, messageId: MESSAGE_ID, ...over };
}

export function recordEmail(
  outcome: Command.RecordEmailOutcome['outcome'],
  over: Partial<Command.RecordEmailOutcome> = {},
): Command.RecordEmailOutcome {
  const reply = REPLIES[outcome];
  return { type: 'RecordEmailOutcome', invitationId: FIRST, issue: 1, attempt: 1, reply, outcome, ...over };
}

export function giveUpEmail(now: Instant, over: Partial<Command.GiveUpEmail> = {}): Command.GiveUpEmail {
  return { type: 'GiveUpEmail', invitationId: FIRST, issue: 1, attempt: 1, now, reply: 'out of reach', ...over };
}

export function recordDelivery(over: Partial<Command.RecordDelivery> = {}): Command.RecordDelivery {
  const usual = { invitationId: FIRST, issue: 1, attempt: 1, reply: '250 taken', reportedBy: 'ses' } as const;
  return { type: 'RecordDelivery', ...usual, ...over };
}

export function recordBounce(over: Partial<Command.RecordBounce> = {}): Command.RecordBounce {
  const usual = {
    invitationId: FIRST,
    issue: 1,
    attempt: 1,
    kind: 'permanent',
    reply: '550 gone',
    reportedBy: 'dsn',
  } as const;
  return { type: 'RecordBounce', ...usual, ...over };
}

export function suppressEmail(now: Instant, over: Partial<Command.SuppressEmail> = {}): Command.SuppressEmail {
  return { type: 'SuppressEmail', invitationId: FIRST, issue: 1, now, reply: 'came back before', ...over };
}

const REPLIES = { sent: '250 taken', deferred: '451 come back', failed: '550 no such mailbox' } as const;

/** The roles that cannot do what owners and administrators can; undefined is somebody who is not an active member. */
export const POWERLESS: readonly (Role | undefined)[] = ['developer', undefined];
