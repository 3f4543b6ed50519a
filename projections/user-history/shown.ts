import type { Instant } from '../../src/domain/lifetime.js';
import type { UserRow } from '../users-tab/row.js';
import { FOR_EVER, type Mail, type Span } from './rows.js';

/** What the users tab shows from an instant on: a span and a row of mails in one. Held as either, it is both's newest. */
export interface Shown extends UserRow {
  readonly valid_from: Instant;
  readonly valid_to: string;
}

/** @param row new, and nobody else's: it becomes what is shown */
export function shownFrom(row: UserRow & { valid_from?: Instant; valid_to?: string }, valid_from: Instant): Shown {
  row.valid_from = valid_from;
  row.valid_to = FOR_EVER;
  return row as Shown;
}

/**
 * What both tables say of a person. The later of the two is all of it, unless both were read; of one instant, the mails were written
 * last, or with the span.
 */
export function shownBy(span: Span, mail: Mail): UserRow {
  const latest = mail.valid_from < span.valid_from ? span : mail;
  if (isShown(latest)) return latest;
  return {
    workspace_id: span.workspace_id,
    user_id: span.user_id,
    email: span.email,
    name: span.name,
    role: span.role,
    status: span.status,
    delivery: mail.delivery,
    delivery_mail: mail.delivery_mail,
    delivery_reply: mail.delivery_reply,
    delivery_code: mail.delivery_code,
    delivery_enhanced_code: mail.delivery_enhanced_code,
    delivery_attempt: mail.delivery_attempt,
    delivery_next_at: mail.delivery_next_at,
    delivery_at: mail.delivery_at,
    invitation_id: span.invitation_id,
    issue: mail.issue,
    locale: span.locale,
    expires_at: mail.expires_at,
    invited_by: mail.invited_by,
    invited_at: span.invited_at,
    joined_at: span.joined_at,
    times_invited: span.times_invited,
    renewal_requested_at: mail.renewal_requested_at,
    updated_at: latest.updated_at,
  };
}

function isShown(row: Span | Mail): row is Shown {
  return 'status' in row && 'delivery' in row;
}

/** Whether a span goes on. */
export function isSameSpan(a: UserRow, b: UserRow): boolean {
  return (
    a.status === b.status &&
    a.role === b.role &&
    a.name === b.name &&
    a.email === b.email &&
    a.invited_at === b.invited_at &&
    a.joined_at === b.joined_at &&
    a.invitation_id === b.invitation_id &&
    a.times_invited === b.times_invited &&
    a.locale === b.locale
  );
}

/** Whether the same is said of the newest invitation and its mails. */
export function isSameMail(a: UserRow, b: UserRow): boolean {
  return (
    a.delivery === b.delivery &&
    a.delivery_mail === b.delivery_mail &&
    a.delivery_reply === b.delivery_reply &&
    a.delivery_code === b.delivery_code &&
    a.delivery_enhanced_code === b.delivery_enhanced_code &&
    a.delivery_attempt === b.delivery_attempt &&
    a.delivery_next_at === b.delivery_next_at &&
    a.delivery_at === b.delivery_at &&
    a.issue === b.issue &&
    a.expires_at === b.expires_at &&
    a.invited_by === b.invited_by &&
    a.renewal_requested_at === b.renewal_requested_at
  );
}
