import type { MailReply } from '../../src/domain/membership/events.js';
import { membershipKeyOf } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import type { RowRules } from '../../src/projecting/row-rules.js';
import { dataOf, instantOf } from '../domain-event.js';
import type { DeliveryStatus, UserRow } from './row.js';

type Handler = (row: UserRow | undefined, event: RecordedEvent) => UserRow | undefined;

/** One row per membership stream: what the users tab says of a person after each kind of event. */
export const usersTabRules: RowRules<UserRow> = {
  table: 'users_tab.users',
  key: ['workspace_id', 'user_id'],
  keyOf(event) {
    const key = membershipKeyOf(event.stream);
    return key && { workspace_id: key.workspaceId, user_id: key.userId };
  },
  on: {
    FounderJoined: (_row, event) => {
      const { email, name } = dataOf<'FounderJoined'>(event);
      const at = instantOf(event);
      return { ...blank(event), email, name, role: 'owner', status: 'active', joined_at: at };
    },
    UserInvited: (row, event) => {
      const data = dataOf<'UserInvited'>(event);
      return {
        ...blank(event),
        email: data.email,
        name: data.name ?? null,
        role: data.role,
        status: 'waiting',
        delivery: 'queued',
        delivery_mail: 'invitation',
        delivery_at: instantOf(event),
        invitation_id: data.invitationId,
        issue: 1,
        locale: data.locale ?? null,
        expires_at: data.expiresAt,
        invited_by: data.invitedBy,
        times_invited: (row?.times_invited ?? 0) + 1,
      };
    },
    InvitationResent: change((event) => {
      const { issue, expiresAt, resentBy } = dataOf<'InvitationResent'>(event);
      return {
        status: 'waiting',
        issue,
        expires_at: expiresAt,
        invited_by: resentBy,
        ...NO_ATTEMPT,
        renewal_requested_at: null,
        delivery: 'queued',
        delivery_mail: 'invitation',
        delivery_at: instantOf(event),
      };
    }),
    InvitationRevoked: change(() => ({ status: 'revoked' })),
    InvitationAddressCorrected: change(() => ({ status: 'revoked' })),
    InvitationRenewalRequested: change((event) => ({
      renewal_requested_at: dataOf<'InvitationRenewalRequested'>(event).requestedAt,
    })),
    InvitationDeclined: change(() => ({ status: 'declined' })),
    InvitationExpired: change(() => ({ status: 'expired' })),
    InvitationAccepted: change((event) => {
      const { name, role } = dataOf<'InvitationAccepted'>(event);
      return { status: 'active', name, role, joined_at: instantOf(event) };
    }),
    PermissionChanged: change((event) => ({ role: dataOf<'PermissionChanged'>(event).role })),
    UserRemoved: change(() => ({ status: 'removed' })),
    UserLeft: change(() => ({ status: 'removed' })),
    InvitationEmailAttempted: delivery('sending'),
    InvitationEmailSent: delivery('sent'),
    InvitationEmailDeferred: delivery('deferred'),
    InvitationEmailFailed: delivery('failed'),
    InvitationEmailDelivered: delivered,
    InvitationEmailBounced: bounced,
    InvitationEmailSuppressed: delivery('suppressed'),
  },
};

function change(to: (event: RecordedEvent) => Partial<UserRow>): Handler {
  return (row, event) => row && { ...row, ...to(event), updated_at: instantOf(event) };
}

/** Only of the newest issue: what became of an older mail is history. */
function delivery(status: DeliveryStatus): Handler {
  return (row, event) => {
    const data = dataOf<'InvitationEmailAttempted' | 'InvitationEmailSent' | 'InvitationEmailDeferred'>(event);
    if (!row || row.invitation_id !== data.invitationId || row.issue !== data.issue) return row;
    const { mail = 'invitation' } = data;
    // A report can be quicker than the record that the mail was taken: what came back or arrived stays so.
    if (row.delivery === 'bounced' || (row.delivery === 'delivered' && mail === row.delivery_mail)) return row;
    const at = instantOf(event);
    return {
      ...row,
      // What was said of the invitation is nothing that was said of its reminder.
      ...(mail === row.delivery_mail ? {} : NO_ATTEMPT),
      ...('reply' in data ? replyOf(data) : {}),
      delivery: status,
      delivery_mail: mail,
      delivery_at: at,
      delivery_attempt: data.attempt,
      delivery_next_at: 'nextAttemptAt' in data ? data.nextAttemptAt : null,
      updated_at: at,
    };
  };
}

function replyOf({ reply, code, enhancedCode }: MailReply): Partial<UserRow> {
  return { delivery_reply: reply, delivery_code: code ?? null, delivery_enhanced_code: enhancedCode ?? null };
}

const NO_ATTEMPT = {
  delivery_reply: null,
  delivery_code: null,
  delivery_enhanced_code: null,
  delivery_attempt: null,
  delivery_next_at: null,
} as const;

/** Reports come in any order: what came back did so after it arrived. */
function delivered(row: UserRow | undefined, event: RecordedEvent): UserRow | undefined {
  const { invitationId, issue, mail = 'invitation', attempt, ...said } = dataOf<'InvitationEmailDelivered'>(event);
  if (!row || row.invitation_id !== invitationId || row.issue !== issue || row.delivery === 'bounced') return row;
  // That the invitation arrived is no news any more once its reminder is sent.
  if (mail !== row.delivery_mail) return row;
  const at = instantOf(event);
  return {
    ...row,
    ...replyOf(said),
    delivery: 'delivered',
    delivery_at: at,
    delivery_attempt: attempt ?? row.delivery_attempt,
    delivery_next_at: null,
    updated_at: at,
  };
}

/** Only while the newest issue waits for an answer: it is nobody's concern what became of the mail of who has joined. */
function bounced(row: UserRow | undefined, event: RecordedEvent): UserRow | undefined {
  const data = dataOf<'InvitationEmailBounced'>(event);
  const { invitationId, issue, mail = 'invitation', attempt, reply, enhancedCode, stillTrying, unproven } = data;
  if (!row || unproven || row.invitation_id !== invitationId || row.issue !== issue) return row;
  if (row.status === 'active' || row.status === 'removed') return row;
  const isOld = row.delivery === 'bounced' || row.delivery === 'delivered' || mail !== row.delivery_mail;
  if (stillTrying && isOld) return row;
  const at = instantOf(event);
  return {
    ...row,
    ...replyOf({ reply, ...(enhancedCode === undefined ? {} : { enhancedCode }) }),
    delivery: stillTrying ? 'deferred' : 'bounced',
    delivery_mail: mail,
    delivery_at: at,
    delivery_attempt: attempt ?? row.delivery_attempt,
    delivery_next_at: null,
    updated_at: at,
  };
}

function blank(event: RecordedEvent): UserRow {
  const key = membershipKeyOf(event.stream);
  const at = instantOf(event);
  return {
    workspace_id: key?.workspaceId ?? '',
    user_id: key?.userId ?? '',
    email: '',
    name: null,
    role: 'developer',
    status: 'waiting',
    delivery: null,
    delivery_mail: null,
    ...NO_ATTEMPT,
    delivery_at: null,
    invitation_id: null,
    issue: null,
    locale: null,
    expires_at: null,
    invited_by: null,
    invited_at: at,
    joined_at: null,
    times_invited: 0,
    renewal_requested_at: null,
    updated_at: at,
  };
}
