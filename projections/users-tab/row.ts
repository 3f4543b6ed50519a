import type { Instant } from '../../src/domain/lifetime.js';
import type { Role } from '../../src/domain/role.js';

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
