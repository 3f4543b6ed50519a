import { after, type Instant } from '../lifetime.js';
import { parseInvitationId } from '../streams.js';
import type {
  BeginEmailAttempt,
  GiveUpEmail,
  RecordBounce,
  RecordDelivery,
  RecordEmailOutcome,
  SuppressEmail,
} from './commands.js';
import type { MailOfIssue, MembershipEvent } from './events.js';
import { obstacle } from './invitation-rules.js';
import type { MailReference } from './mail-reference.js';
import { type MembershipState, mailOf } from './state.js';

/** How long a mail is tried, in seconds from its first attempt. */
export const EMAIL_PATIENCE_SECONDS = 24 * 60 * 60;

/**
 * What is to be done about a mail of an issue now: a new attempt, the one that was cut off, or nothing any more. An issue has
 * the invitation first, and its reminder once the mail server has taken that; from then on the invitation is done with. A mail
 * that arrived is done with, too, whatever its attempts came to: a connection may end between the mail and the reply.
 */
export function dueAttempt(state: MembershipState, mail: MailOfIssue, now: Instant): 'new' | 'cut-off' | undefined {
  if (obstacle(state, mail, now) || state.invitation?.mailEnded) return undefined;
  const last = state.invitation?.emailAttempt;
  if (!last) return mail.mail === undefined ? 'new' : undefined;
  if (mailOf(last) === mail.mail) {
    if (last.hasArrived) return undefined;
    if (last.outcome === 'under-way') return 'cut-off';
    return last.outcome === 'deferred' ? 'new' : undefined;
  }
  return mail.mail === 'reminder' && (last.outcome === 'sent' || last.hasArrived) ? 'new' : undefined;
}

export function beginEmailAttempt(command: BeginEmailAttempt, state: MembershipState): MembershipEvent[] {
  // An attempt without an outcome was cut off: it goes on under its own number and Message-ID.
  if (dueAttempt(state, command, command.now) !== 'new') return [];
  const last = state.invitation?.emailAttempt;
  const ofSameMail = last && mailOf(last) === command.mail ? last : undefined;
  const { now, messageId, content } = command;
  return [
    {
      type: 'InvitationEmailAttempted',
      data: {
        ...named(command),
        attempt: (last?.attempt ?? 0) + 1,
        messageId: ofSameMail?.messageId ?? messageId,
        since: ofSameMail?.since ?? now,
        ...content,
      },
    },
  ];
}

export function recordEmailOutcome(command: RecordEmailOutcome, state: MembershipState): MembershipEvent[] {
  const { invitationId: id, issue, attempt, reply, code, enhancedCode, outcome, nextAttemptAt } = command;
  const { invitation } = state;
  if (!invitation) return [];
  const isNewest = invitation.id === id && invitation.issue === issue;
  const last = isNewest ? invitation.emailAttempt : undefined;
  // Of an older issue the state knows no attempts any more, but what became of its mail is still true.
  if (isNewest && (last?.attempt !== attempt || last.outcome !== 'under-way')) return [];
  const mail = last ? mailOf(last) : command.mail;
  const data = {
    invitationId: id,
    issue,
    ...(mail && { mail }),
    attempt,
    reply,
    ...(code === undefined ? {} : { code }),
    ...(enhancedCode === undefined ? {} : { enhancedCode }),
  };
  if (outcome === 'sent') return [{ type: 'InvitationEmailSent', data }];
  if (outcome === 'deferred' && last?.hasArrived) return [{ type: 'InvitationEmailDeferred', data }];
  const giveUpAt = last && after(last.since, EMAIL_PATIENCE_SECONDS);
  if (outcome === 'deferred' && giveUpAt && nextAttemptAt && nextAttemptAt < giveUpAt) {
    return [{ type: 'InvitationEmailDeferred', data: { ...data, nextAttemptAt, giveUpAt } }];
  }
  return [{ type: 'InvitationEmailFailed', data }];
}

export function giveUpEmail(command: GiveUpEmail, state: MembershipState): MembershipEvent[] {
  const { attempt, now, reply } = command;
  const last = state.invitation?.emailAttempt;
  if (dueAttempt(state, command, now) !== 'new') return [];
  if (last?.outcome !== 'deferred' || last.attempt !== attempt) return [];
  if (now < after(last.since, EMAIL_PATIENCE_SECONDS)) return [];
  return [{ type: 'InvitationEmailFailed', data: { ...named(command), attempt, reply } }];
}

export function recordDelivery({ type: _type, ...told }: RecordDelivery, state: MembershipState): MembershipEvent[] {
  const data = reported(told, state);
  if (!data) return [];
  const sparedAttempt = attemptToCome(data, state);
  return [{ type: 'InvitationEmailDelivered', data: { ...data, ...(sparedAttempt && { sparedAttempt }) } }];
}

/** The attempt at a mail that the mail server asked to come back for; undefined where none is to be made anyway. */
function attemptToCome(
  { invitationId, issue, mail }: MailOfIssue,
  { invitation }: MembershipState,
): number | undefined {
  if (invitation?.id !== invitationId || invitation.issue !== issue || invitation.mailEnded) return undefined;
  const last = invitation.emailAttempt;
  return last?.outcome === 'deferred' && !last.hasArrived && mailOf(last) === mail ? last.attempt + 1 : undefined;
}

export function recordBounce({ type: _type, ...told }: RecordBounce, state: MembershipState): MembershipEvent[] {
  const data = reported(told, state);
  return data ? [{ type: 'InvitationEmailBounced', data }] : [];
}

/**
 * What a report tells, of the mail that it is about. Anybody can claim what became of a mail: nothing did of one that was never
 * sent.
 */
function reported<Told extends MailReference>(told: Told, state: MembershipState): Told | undefined {
  const { invitation, timesInvited } = state;
  const { invitationId: id, issue, attempt } = told;
  if (!invitation || (parseInvitationId(id)?.ordinal ?? Infinity) > timesInvited) return undefined;
  if (invitation.id !== id || issue < invitation.issue) return told;
  const last = invitation.emailAttempt;
  if (issue > invitation.issue || !last || (attempt ?? 1) > last.attempt) return undefined;
  if (told.mail === 'reminder' && last.reminderFrom === undefined) return undefined;
  const isReminder = attempt !== undefined && mailOf(last, attempt) === 'reminder';
  return isReminder ? { ...told, mail: 'reminder' } : told;
}

export function suppressEmail(command: SuppressEmail, state: MembershipState): MembershipEvent[] {
  const { reply, now } = command;
  const due = dueAttempt(state, command, now);
  if (!due) return [];
  const before = state.invitation?.emailAttempt?.attempt ?? 0;
  const attempt = due === 'cut-off' ? before : before + 1;
  return [{ type: 'InvitationEmailSuppressed', data: { ...named(command), attempt, reply } }];
}

function named({ invitationId, issue, mail }: MailOfIssue): MailOfIssue {
  return { invitationId, issue, ...(mail && { mail }) };
}
