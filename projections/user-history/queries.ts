import { type Kysely, sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';
import { encodeCursor } from '../cursor.js';
import { NOBODY, type UserPage } from '../users-tab/queries.js';
import type { UserRow, UserStatus } from '../users-tab/row.js';
import { selectionOf, type UserQuery } from '../users-tab/selection.js';

interface FoundRow extends UserRow {
  readonly sort_key: string;
}

/** The users tab as it stood at an instant. */
export class UserHistoryQueries {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
    private readonly db: Kysely<any>,
  ) {}

  /**
   * What `UsersTabQueries.list` answered then; nobody, before the workspace was there. Its cursors are good for the same
   * instant only.
   *
   * @throws InvalidCursor
   */
  async list(workspaceId: string, asOf: Instant, query: UserQuery): Promise<UserPage> {
    const list = `${query.sort} ${asOf}`;
    const [rows, counts] = await Promise.all([
      this.page(workspaceId, asOf, query, list),
      this.counts(workspaceId, asOf),
    ]);
    const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
    return {
      rows: rows.slice(0, query.limit),
      counts,
      ...(last ? { nextCursor: encodeCursor(list, last.sort_key, last.user_id) } : {}),
    };
  }

  /** What people of a workspace were called then. */
  async names(workspaceId: string, asOf: Instant, userIds: readonly string[]): Promise<Map<string, string | null>> {
    if (userIds.length === 0) return new Map();
    const { rows } = await sql<Pick<UserRow, 'user_id' | 'name'>>`
      select v.user_id, v.name from unnest(${userIds}::text[]) u
      cross join lateral (
        select user_id, name from user_history.versions
        where workspace_id = ${workspaceId} and user_id = u and valid_from <= ${asOf} order by valid_from desc limit 1
      ) v`.execute(this.db);
    return new Map(rows.map(({ user_id, name }) => [user_id, name]));
  }

  private async page(workspaceId: string, asOf: Instant, query: UserQuery, list: string): Promise<FoundRow[]> {
    const selection = selectionOf(query, list);
    if (!selection) return [];
    const column = sql.ref(selection.column);
    const direction = sql.raw(selection.direction);
    // Nobody was invited after the instant: so the newest first begins there, however much came later.
    const { rows } = await sql<FoundRow & { readonly valid_from: string; readonly key: unknown }>`
      select v.*, p.key, p.key::text as sort_key
      from (
        select user_id, ${column} as key from user_history.periods
        where workspace_id = ${workspaceId} and valid_from <= ${asOf} and valid_to > ${asOf}
          and invited_at <= ${asOf} and ${sql.join(selection.conditions, sql` and `)}
        order by ${column} ${direction}, user_id ${direction}
        limit ${query.limit + 1}
      ) p
      cross join lateral (
        select * from user_history.versions
        where workspace_id = ${workspaceId} and user_id = p.user_id and valid_from <= ${asOf}
        order by valid_from desc limit 1
      ) v
      order by p.key ${direction}, p.user_id ${direction}`.execute(this.db);
    return rows.map(({ valid_from: _from, key: _key, ...row }) => row);
  }

  private async counts(workspaceId: string, asOf: Instant): Promise<Record<UserStatus, number>> {
    const { rows } = await sql<Record<UserStatus, number>>`
      select waiting, active, expired, declined, revoked, removed from user_history.counts
      where workspace_id = ${workspaceId} and valid_from <= ${asOf} order by valid_from desc limit 1`.execute(this.db);
    return rows[0] ?? { ...NOBODY };
  }
}
