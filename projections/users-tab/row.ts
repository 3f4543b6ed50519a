import type { Instant } from '../../src/domain/lifetime.js';
import type { Role } from '../../src/domain/role.js';
import type { BinaryType } from '../../src/projecting/binary-rows.js';

/** What became of an invitation or a membership, as the users tab shows it. */
export type UserStatus = 'waiting' | 'active' | 'expired' | 'revoked' | 'declined' | 'removed';

/** What became of the newest mail to a person; apart from the status, which it never changes. */
export type DeliveryStatus =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'deferred'
  | 'failed'
  | 'bounced'
  | 'suppressed';

/** One person in one workspace, as the users tab shows them: a row of `users_tab.users`. */
export interface UserRow {
  readonly workspace_id: string;
  readonly user_id: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly status: UserStatus;
  /** Null for somebody who was never sent a mail: the founder. */
  readonly delivery: DeliveryStatus | null;
  /** Which mail that is; null as long as `delivery` is. */
  readonly delivery_mail: 'invitation' | 'reminder' | null;
  /** What the mail server said last. */
  readonly delivery_reply: string | null;
  /** RFC 5321 and RFC 3463, where it gave them. */
  readonly delivery_code: number | null;
  readonly delivery_enhanced_code: string | null;
  /** Which attempt this is about, from 1, at whichever mail of the issue; null while none was made. */
  readonly delivery_attempt: number | null;
  /** When a deferred mail is tried again. */
  readonly delivery_next_at: Instant | null;
  readonly delivery_at: Instant | null;
  /** The newest invitation; null for the founder. */
  readonly invitation_id: string | null;
  readonly issue: number | null;
  readonly locale: string | null;
  readonly expires_at: Instant | null;
  readonly invited_by: string | null;
  /** When the newest invitation was made; for the founder, when the workspace was. */
  readonly invited_at: Instant;
  readonly joined_at: Instant | null;
  readonly times_invited: number;
  /** When a new link was last asked for, and none was sent since. */
  readonly renewal_requested_at: Instant | null;
  readonly updated_at: Instant;
}

/** As Postgres keeps it. */
export const USER_TYPES = {
  workspace_id: 'text',
  user_id: 'text',
  email: 'text',
  name: 'text',
  role: 'text',
  status: 'text',
  delivery: 'text',
  delivery_mail: 'text',
  delivery_reply: 'text',
  delivery_code: 'int4',
  delivery_enhanced_code: 'text',
  delivery_attempt: 'int4',
  delivery_next_at: 'timestamptz',
  delivery_at: 'timestamptz',
  invitation_id: 'text',
  issue: 'int4',
  locale: 'text',
  expires_at: 'timestamptz',
  invited_by: 'text',
  invited_at: 'timestamptz',
  joined_at: 'timestamptz',
  times_invited: 'int4',
  renewal_requested_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const satisfies Record<keyof UserRow, BinaryType>;

/** A row that nobody else has yet. */
export type ChangingRow = { -readonly [Column in keyof UserRow]: UserRow[Column] };

/**
 * All rows are made by literals of the same columns in the same order, and thereby alike to V8. By `{ ...row }` each place would make
 * rows of a kind of its own, of which there are soon so many that a copy takes two microseconds and a kilobyte.
 */
export function copyOf(row: UserRow): ChangingRow {
  return {
    workspace_id: row.workspace_id,
    user_id: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role,
    status: row.status,
    delivery: row.delivery,
    delivery_mail: row.delivery_mail,
    delivery_reply: row.delivery_reply,
    delivery_code: row.delivery_code,
    delivery_enhanced_code: row.delivery_enhanced_code,
    delivery_attempt: row.delivery_attempt,
    delivery_next_at: row.delivery_next_at,
    delivery_at: row.delivery_at,
    invitation_id: row.invitation_id,
    issue: row.issue,
    locale: row.locale,
    expires_at: row.expires_at,
    invited_by: row.invited_by,
    invited_at: row.invited_at,
    joined_at: row.joined_at,
    times_invited: row.times_invited,
    renewal_requested_at: row.renewal_requested_at,
    updated_at: row.updated_at,
  };
}
