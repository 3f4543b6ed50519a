import type { Instant } from '../../src/domain/lifetime.js';
import type { MailReply } from '../../src/domain/membership/events.js';
import { membershipKeyOf } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import type { RowRules } from '../../src/projecting/row-rules.js';
import { dataOf, instantOf, ownText } from '../domain-event.js';
import { type ChangingRow, copyOf, type DeliveryStatus, type UserRow, type UserStatus } from './row.js';

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
      const founder = blank(event);
      founder.email = email;
      founder.name = name;
      founder.role = 'owner';
      founder.status = 'active';
      founder.joined_at = founder.invited_at;
      return founder;
    },
    UserInvited: (row, event) => {
      const {
        email,
        name = null,
        role,
        invitationId,
        locale = null,
        expiresAt,
        invitedBy,
      } = dataOf<'UserInvited'>(event);
      const invited = blank(event);
      invited.email = email;
      invited.name = name;
      invited.role = role;
      invited.delivery = 'queued';
      invited.delivery_mail = 'invitation';
      invited.delivery_at = invited.invited_at;
      invited.invitation_id = invitationId;
      invited.issue = 1;
      invited.locale = locale;
      invited.expires_at = expiresAt;
      invited.invited_by = invitedBy;
      invited.times_invited = (row?.times_invited ?? 0) + 1;
      return invited;
    },
    InvitationResent: change((row, event, at) => {
      const { issue, expiresAt, resentBy } = dataOf<'InvitationResent'>(event);
      row.status = 'waiting';
      row.issue = issue;
      row.expires_at = expiresAt;
      row.invited_by = resentBy;
      row.renewal_requested_at = null;
      row.delivery = 'queued';
      row.delivery_mail = 'invitation';
      row.delivery_attempt = null;
      row.delivery_next_at = null;
      row.delivery_at = at;
      say(row, undefined);
    }),
    InvitationRevoked: becomes('revoked'),
    InvitationAddressCorrected: becomes('revoked'),
    InvitationRenewalRequested: change((row, event) => {
      row.renewal_requested_at = dataOf<'InvitationRenewalRequested'>(event).requestedAt;
    }),
    InvitationDeclined: becomes('declined'),
    InvitationExpired: becomes('expired'),
    InvitationAccepted: change((row, event, at) => {
      const { name, role } = dataOf<'InvitationAccepted'>(event);
      row.status = 'active';
      row.name = name;
      row.role = role;
      row.joined_at = at;
    }),
    PermissionChanged: change((row, event) => {
      row.role = dataOf<'PermissionChanged'>(event).role;
    }),
    UserRemoved: becomes('removed'),
    UserLeft: becomes('removed'),
    InvitationEmailAttempted: delivery('sending'),
    InvitationEmailSent: delivery('sent'),
    InvitationEmailDeferred: delivery('deferred'),
    InvitationEmailFailed: delivery('failed'),
    InvitationEmailDelivered: delivered,
    InvitationEmailBounced: bounced,
    InvitationEmailSuppressed: delivery('suppressed'),
  },
};

/** The row of somebody after an event that renames their account. */
export function renamed(row: UserRow, event: RecordedEvent): UserRow {
  const after = copyOf(row);
  after.name = dataOf<'AccountRenamed'>(event).name;
  after.updated_at = instantOf(event);
  return after;
}

/** @param to changes a copy of the row */
function change(to: (row: ChangingRow, event: RecordedEvent, at: Instant) => void): Handler {
  return (row, event) => {
    if (!row) return row;
    const after = copyOf(row);
    after.updated_at = instantOf(event);
    to(after, event, after.updated_at);
    return after;
  };
}

function becomes(status: UserStatus): Handler {
  return change((row) => {
    row.status = status;
  });
}

/** Only of the newest issue: what became of an older mail is history. */
function delivery(status: DeliveryStatus): Handler {
  const changed = change((row, event, at) => {
    const data = dataOf<'InvitationEmailAttempted' | 'InvitationEmailSent' | 'InvitationEmailDeferred'>(event);
    const { mail = 'invitation' } = data;
    // What was said of the invitation is nothing that was said of its reminder.
    if ('reply' in data) say(row, data);
    else if (mail !== row.delivery_mail) say(row, undefined);
    row.delivery = status;
    row.delivery_mail = mail;
    row.delivery_attempt = data.attempt;
    row.delivery_next_at = 'nextAttemptAt' in data ? data.nextAttemptAt : null;
    row.delivery_at = at;
  });
  return (row, event) => {
    const { invitationId, issue, mail = 'invitation' } = dataOf<'InvitationEmailAttempted'>(event);
    if (!row || row.invitation_id !== invitationId || row.issue !== issue) return row;
    // A report can be quicker than the record that the mail was taken: what came back or arrived stays so.
    if (row.delivery === 'bounced' || (row.delivery === 'delivered' && mail === row.delivery_mail)) return row;
    return changed(row, event);
  };
}

/** What the mail server said; undefined where it said nothing yet. */
function say(row: ChangingRow, said: MailReply | undefined): void {
  row.delivery_reply = said?.reply ?? null;
  row.delivery_code = said?.code ?? null;
  row.delivery_enhanced_code = said?.enhancedCode ?? null;
}

/** Reports come in any order: what came back did so after it arrived. */
function delivered(row: UserRow | undefined, event: RecordedEvent): UserRow | undefined {
  const data = dataOf<'InvitationEmailDelivered'>(event);
  const { invitationId, issue, mail = 'invitation' } = data;
  if (!row || row.invitation_id !== invitationId || row.issue !== issue || row.delivery === 'bounced') return row;
  // That the invitation arrived is no news any more once its reminder is sent.
  if (mail !== row.delivery_mail) return row;
  const after = reported(row, event, data);
  after.delivery = 'delivered';
  return after;
}

/** Only while the newest issue waits for an answer: it is nobody's concern what became of the mail of who has joined. */
function bounced(row: UserRow | undefined, event: RecordedEvent): UserRow | undefined {
  const data = dataOf<'InvitationEmailBounced'>(event);
  const { invitationId, issue, mail = 'invitation', stillTrying, unproven } = data;
  if (!row || unproven || row.invitation_id !== invitationId || row.issue !== issue) return row;
  if (row.status === 'active' || row.status === 'removed') return row;
  const isOld = row.delivery === 'bounced' || row.delivery === 'delivered' || mail !== row.delivery_mail;
  if (stillTrying && isOld) return row;
  const after = reported(row, event, data);
  after.delivery = stillTrying ? 'deferred' : 'bounced';
  after.delivery_mail = mail;
  return after;
}

/** A copy of the row with what a report says of the mail. */
function reported(row: UserRow, event: RecordedEvent, report: MailReply & { readonly attempt?: number }): ChangingRow {
  const after = copyOf(row);
  const at = instantOf(event);
  say(after, report);
  if (report.attempt !== undefined) after.delivery_attempt = report.attempt;
  after.delivery_next_at = null;
  after.delivery_at = at;
  after.updated_at = at;
  return after;
}

/** Somebody who waits, of whom nothing more is known. */
function blank(event: RecordedEvent): ChangingRow {
  const key = membershipKeyOf(event.stream);
  const at = instantOf(event);
  return {
    workspace_id: ownText(key?.workspaceId ?? ''),
    user_id: ownText(key?.userId ?? ''),
    email: '',
    name: null,
    role: 'developer',
    status: 'waiting',
    delivery: null,
    delivery_mail: null,
    delivery_reply: null,
    delivery_code: null,
    delivery_enhanced_code: null,
    delivery_attempt: null,
    delivery_next_at: null,
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
