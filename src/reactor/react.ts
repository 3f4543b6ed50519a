import { isAddressAtFault } from '../domain/address/at-fault.js';
import { upcast } from '../domain/codec.js';
import type { InvitationEmailFailed, InvitationResent } from '../domain/membership/events.js';
import { membershipKeyOf } from '../domain/streams.js';
import type { RecordedEvent } from '../event-store/event-store.js';
import {
  attemptKey,
  type Cause,
  type Job,
  noteResult,
  sendInvitation,
  sendReminder,
  sendRenewalRequest,
} from './jobs.js';

/**
 * What an event calls for. Pure, and a job's key follows from the event alone, so that an event seen twice calls for
 * nothing new. Whether a job still makes sense is decided when it runs, by the log as it is then.
 */
export function react(recorded: RecordedEvent): Job[] {
  const event = upcast(recorded);
  const { correlationId } = recorded.metadata;
  const cause: Cause = {
    causationId: recorded.id,
    correlationId: typeof correlationId === 'string' ? correlationId : '',
  };
  switch (event.type) {
    case 'UserInvited':
      return issued({ ...event.data, issue: 1 }, cause);
    case 'InvitationResent':
      return issued(event.data, cause);
    case 'InvitationEmailDeferred': {
      const { invitationId, issue, mail, attempt, nextAttemptAt, giveUpAt } = event.data;
      if (nextAttemptAt === undefined) return [];
      const next = { invitationId, issue, attempt: attempt + 1, ...(giveUpAt === undefined ? {} : { giveUpAt }) };
      const send = mail === 'reminder' ? sendReminder : sendInvitation;
      return [send({ ...next, ...cause }, nextAttemptAt)];
    }
    case 'InvitationAddressCorrected': {
      const { invitationId } = event.data;
      return [
        { name: 'finish-correction', payload: { invitationId, ...cause }, key: `finish-correction:${recorded.id}` },
      ];
    }
    case 'InvitationRenewalRequested':
      return [sendRenewalRequest({ ...event.data, ...cause })];
    case 'InvitationAccepted':
      return [noteResult({ invitationId: event.data.invitationId, kind: 'accepted', ...cause })];
    case 'InvitationDeclined':
      return [noteResult({ invitationId: event.data.invitationId, kind: 'declined', ...cause })];
    case 'InvitationExpired':
      return [noteResult({ invitationId: event.data.invitationId, kind: 'expired', ...cause })];
    case 'InvitationEmailFailed':
      return [
        noteResult({ invitationId: event.data.invitationId, kind: 'undelivered', ...cause }),
        ...suppressing(event.data, cause),
      ];
    case 'InvitationEmailSuppressed':
      return [noteResult({ invitationId: event.data.invitationId, kind: 'undelivered', ...cause })];
    case 'InvitationEmailBounced': {
      const { invitationId, kind, stillTrying, unproven } = event.data;
      // A complaint is of a mail that arrived, and of what nothing proves nobody is told.
      if (stillTrying || unproven || kind === 'complaint') return [];
      return [noteResult({ invitationId, kind: 'undelivered', ...cause })];
    }
    case 'PermissionChanged': {
      const heir = membershipKeyOf(recorded.stream);
      const { succession } = event.data;
      if (!succession || !heir) return [];
      const { workspaceId, userId: heirId } = heir;
      return [
        {
          name: 'settle-ownership',
          payload: { workspaceId, heirId, ownerId: succession.from, ...cause },
          key: `settle-ownership:${recorded.id}`,
        },
      ];
    }
    default:
      return [];
  }
}

/**
 * The keys of waiting jobs that an event leaves with nothing to do. They would find that out by themselves, at their time;
 * until then a mail would seem to wait that nobody needs.
 */
export function settle(recorded: RecordedEvent): string[] {
  const event = upcast(recorded);
  if (event.type !== 'InvitationEmailDelivered') return [];
  const { sparedAttempt, ...mail } = event.data;
  return sparedAttempt === undefined ? [] : [attemptKey(mail, sparedAttempt)];
}

/** A bare 550 may also be about what the mail says: so soon, only a code that names the address is believed. */
function suppressing({ invitationId, reply, enhancedCode }: InvitationEmailFailed['data'], cause: Cause): Job[] {
  if (enhancedCode === undefined || !isAddressAtFault(enhancedCode, reply)) return [];
  const key = `suppress-address:${cause.causationId}`;
  return [{ name: 'suppress-address', payload: { invitationId, reply, enhancedCode, ...cause }, key }];
}

type Issued = Omit<InvitationResent['data'], 'resentBy' | 'lifetimeSeconds'>;

function issued({ invitationId, issue, expiresAt, remindAt }: Issued, cause: Cause): Job[] {
  return [
    sendInvitation({ invitationId, issue, attempt: 1, ...cause }),
    ...(remindAt === undefined ? [] : [sendReminder({ invitationId, issue, remindAt, ...cause }, remindAt)]),
    {
      name: 'expire-invitation',
      payload: { invitationId, issue, expiresAt, ...cause },
      key: `expire-invitation:${invitationId}:${issue}`,
      runAt: expiresAt,
    },
  ];
}
