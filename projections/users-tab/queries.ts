import { type Kysely, sql } from 'kysely';

import type { Suppression } from '../../src/domain/address/address.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { foldRow } from '../../src/projecting/row-rules.js';
import { encodeCursor } from '../cursor.js';
import { type InvitationFigures, invitationFigures } from './figures.js';
import {
  type OpenInvitationPage,
  type OpenInvitationQuery,
  openInvitationPage,
  openInvitations,
} from './open-invitations.js';
import type { UserRow, UserStatus } from './row.js';
import { usersTabRules } from './rules.js';
import { selectionOf, type UserQuery } from './selection.js';

export const USER_STATUSES: readonly UserStatus[] = ['waiting', 'active', 'expired', 'declined', 'revoked', 'removed'];

/** How many people there are of each status in a workspace that nobody is in. */
export const NOBODY: Readonly<Record<UserStatus, number>> = {
  waiting: 0,
  active: 0,
  expired: 0,
  declined: 0,
  revoked: 0,
  removed: 0,
};

export interface UserPage {
  readonly rows: UserRow[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  /** How many people the whole workspace has of each status, whatever was asked for. */
  readonly counts: Record<UserStatus, number>;
}

/** Why an address is sent no mails. */
export type SuppressedAddress = Pick<Suppression, 'reason'>;

/** Everything the users tab shows. */
export class UsersTabQueries {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
    private readonly db: Kysely<any>,
  ) {}

  /** @throws InvalidCursor */
  async list(workspaceId: string, query: UserQuery): Promise<UserPage> {
    const [rows, counts] = await Promise.all([this.page(workspaceId, query), this.counts(workspaceId)]);
    const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
    return {
      rows: rows.slice(0, query.limit),
      counts,
      ...(last ? { nextCursor: encodeCursor(query.sort, last.sort_key, last.user_id) } : {}),
    };
  }

  /** Invitations that can be sent again. @throws InvalidCursor */
  async openInvitations(workspaceId: string, query: OpenInvitationQuery): Promise<OpenInvitationPage> {
    const { rows } = await openInvitations(workspaceId, query).execute(this.db);
    return openInvitationPage(rows, query.limit);
  }

  async get(workspaceId: string, userId: string): Promise<UserRow | undefined> {
    const { rows } = await sql<UserRow>`
      select * from users_tab.users where workspace_id = ${workspaceId} and user_id = ${userId}`.execute(this.db);
    return rows[0];
  }

  /** Some of the people of a workspace, in no order, and the counts of all of it. */
  async some(workspaceId: string, userIds: readonly string[]): Promise<Pick<UserPage, 'rows' | 'counts'>> {
    const [{ rows }, counts] = await Promise.all([
      sql<UserRow>`
        select * from users_tab.users
        where workspace_id = ${workspaceId} and user_id = any(${userIds})`.execute(this.db),
      this.counts(workspaceId),
    ]);
    return { rows, counts };
  }

  /** @param since only invitations made from then on, of all workspaces */
  figures(since: Date): Promise<InvitationFigures> {
    return invitationFigures(this.db, since);
  }

  /** The names of people of a workspace, for showing who invited whom. */
  async names(workspaceId: string, userIds: readonly string[]): Promise<Map<string, string | null>> {
    if (userIds.length === 0) return new Map();
    const { rows } = await sql<Pick<UserRow, 'user_id' | 'name'>>`
      select user_id, name from users_tab.users
      where workspace_id = ${workspaceId} and user_id = any(${userIds})`.execute(this.db);
    return new Map(rows.map(({ user_id, name }) => [user_id, name]));
  }

  /** What people of a workspace are called, and their addresses. */
  async people(workspaceId: string, userIds: readonly string[]): Promise<Map<string, Pick<UserRow, 'email' | 'name'>>> {
    if (userIds.length === 0) return new Map();
    const { rows } = await sql<Pick<UserRow, 'user_id' | 'email' | 'name'>>`
      select user_id, email, name from users_tab.users
      where workspace_id = ${workspaceId} and user_id = any(${userIds})`.execute(this.db);
    return new Map(rows.map((row) => [row.user_id, row]));
  }

  /** Which of these people have an address that is sent no mails, by user id. */
  async suppressed(userIds: readonly string[]): Promise<Map<string, SuppressedAddress>> {
    if (userIds.length === 0) return new Map();
    const { rows } = await sql<SuppressedAddress & { readonly user_id: string }>`
      select user_id, reason from users_tab.suppressed where user_id = any(${userIds})`.execute(this.db);
    return new Map(rows.map(({ user_id, reason }) => [user_id, { reason }]));
  }

  /** The row that a membership's events add up to, before the projection has seen them. */
  fold(history: readonly RecordedEvent[]): UserRow | undefined {
    return foldRow(usersTabRules, history);
  }

  private async page(workspaceId: string, query: UserQuery): Promise<StoredRow[]> {
    const selection = selectionOf(query, query.sort);
    if (!selection) return [];
    const column = sql.ref(selection.column);
    const direction = sql.raw(selection.direction);
    const { rows } = await sql<StoredRow>`
      select *, ${column}::text as sort_key from users_tab.users
      where workspace_id = ${workspaceId} and ${sql.join(selection.conditions, sql` and `)}
      order by ${column} ${direction}, user_id ${direction}
      limit ${query.limit + 1}`.execute(this.db);
    return rows;
  }

  private async counts(workspaceId: string): Promise<Record<UserStatus, number>> {
    const { rows } = await sql<{ status: UserStatus; people: number }>`
      select status, people from users_tab.counts where workspace_id = ${workspaceId}`.execute(this.db);
    const counts = { ...NOBODY };
    for (const { status, people } of rows) counts[status] = people;
    return counts;
  }
}

interface StoredRow extends UserRow {
  readonly sort_key: string;
}
