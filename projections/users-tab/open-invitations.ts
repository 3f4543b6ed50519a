import { type RawBuilder, sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';
import { decodeCursor, encodeCursor, isTimestamp } from '../cursor.js';
import type { DeliveryStatus, UserRow } from './row.js';

/** Which invitations are meant; all that is said has to hold. */
export interface OpenInvitationFilter {
  /** Both where it is absent. */
  readonly status?: readonly ('waiting' | 'expired')[];
  /** What became of the newest mail; whatever it is where this is absent. */
  readonly delivery?: readonly DeliveryStatus[];
  /** Made before this instant; resending does not make an invitation younger. */
  readonly invitedBefore?: Instant;
}

export interface OpenInvitationQuery extends OpenInvitationFilter {
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** The ids of a page of invitations, the oldest first: an order that sending them again does not change. */
export interface OpenInvitationPage {
  readonly ids: readonly string[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

type Found = Pick<UserRow, 'user_id'> & { readonly invitation_id: string; readonly key: string };

const LIST = 'open invitations';

/** The query for a page and one row more. @throws InvalidCursor */
export function openInvitations(workspaceId: string, query: OpenInvitationQuery): RawBuilder<Found> {
  const { status = ['waiting', 'expired'], delivery, invitedBefore, limit, cursor } = query;
  const conditions = [sql`workspace_id = ${workspaceId}`, sql`status in (${sql.join(status)})`];
  if (delivery) conditions.push(sql`delivery in (${sql.join(delivery)})`);
  if (invitedBefore !== undefined) conditions.push(sql`invited_at < ${invitedBefore}`);
  if (cursor !== undefined) {
    const [key, userId] = decodeCursor(LIST, cursor, isTimestamp);
    conditions.push(sql`(invited_at, user_id) > (${key}, ${userId})`);
  }
  return sql<Found>`
    select user_id, invitation_id, invited_at::text as key from users_tab.users
    where invitation_id is not null and ${sql.join(conditions, sql` and `)}
    order by invited_at, user_id limit ${limit + 1}`;
}

export function openInvitationPage(rows: readonly Found[], limit: number): OpenInvitationPage {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    ids: page.map(({ invitation_id }) => invitation_id),
    ...(last ? { nextCursor: encodeCursor(LIST, last.key, last.user_id) } : {}),
  };
}
