import { type Kysely, type RawBuilder, sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import { NOBODY, type UserPage } from '../users-tab/queries.js';
import type { UserRow, UserStatus } from '../users-tab/row.js';
import { selectionOf, statusesOf, type UserQuery } from '../users-tab/selection.js';

/** Somebody of whom the users tab showed something else at the end of a span of time than at its beginning. */
export interface UserChange {
  readonly user_id: string;
  /** Null for somebody who was not there yet. */
  readonly before: UserInBrief | null;
  readonly after: UserInBrief;
}

export type UserInBrief = Pick<UserRow, 'email' | 'name' | 'role' | 'status'>;

export interface ChangesQuery {
  readonly from: Instant;
  readonly to: Instant;
  readonly limit: number;
  /** The `nextCursor` of the page before, asked for with the same span. */
  readonly cursor?: string;
}

/**
 * Of so many people at most all are looked at and then sorted. In order, one would pass all those of other times before finding
 * them: a page of ten among 300,000 spans took 100 ms.
 */
const FEW = 2_000;

/** What the users tab showed, of a span `s` and a row of mails `m`. */
const SHOWN = sql`
  s.workspace_id, s.user_id, s.email, s.name, s.role, s.status, m.delivery, m.delivery_mail, m.delivery_reply,
  m.delivery_code, m.delivery_enhanced_code, m.delivery_attempt, m.delivery_next_at, m.delivery_at, s.invitation_id,
  m.issue, s.locale, m.expires_at, m.invited_by, s.invited_at, s.joined_at, s.times_invited, m.renewal_requested_at,
  case when m.valid_from < s.valid_from then s.updated_at else m.updated_at end as updated_at`;

interface FoundRow extends UserRow {
  readonly sort_key: string;
}

/** The users tab as it stood at an instant. */
export class UserHistoryQueries {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
    private readonly db: Kysely<any>,
    private readonly few = FEW,
  ) {}

  /**
   * What `UsersTabQueries.list` answered then; nobody, before the workspace was there. Its cursors are good for the same
   * instant only.
   *
   * @throws InvalidCursor
   */
  async list(workspaceId: string, asOf: Instant, query: UserQuery): Promise<UserPage> {
    const list = `${query.sort} ${asOf}`;
    const counts = await this.counts(workspaceId, asOf);
    const people = statusesOf(query).reduce((sum, status) => sum + counts[status], 0);
    const isOfFew = people <= this.few || (await this.haveFew(workspaceId, asOf, query.role));
    const rows = people === 0 ? [] : await this.page(workspaceId, asOf, query, list, isOfFew);
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
      select s.user_id, s.name from unnest(${userIds}::text[]) u
      cross join lateral (${latest('spans', workspaceId, sql`u`, asOf)}) s`.execute(this.db);
    return new Map(rows.map(({ user_id, name }) => [user_id, name]));
  }

  /**
   * The people of whom the users tab showed something else at `to` than at `from`, by user id. What changed and changed back in
   * between is no difference.
   *
   * @throws InvalidCursor
   */
  async changes(
    workspaceId: string,
    { from, to, limit, cursor }: ChangesQuery,
  ): Promise<{ readonly changes: UserChange[]; readonly nextCursor?: string }> {
    const list = `changes ${from} ${to}`;
    const [, after = ''] = cursor === undefined ? [] : decodeCursor(list, cursor, (key) => key === '');
    const briefAt = (instant: Instant) => sql`
      select email, name, role, status from (${latest('spans', workspaceId, sql`p.user_id`, instant)}) s`;
    const { rows } = await sql<UserChange>`
      select p.user_id, case when b.status is null then null else to_json(b) end as before, to_json(a) as after
      from (
        select distinct user_id from user_history.spans
        where workspace_id = ${workspaceId} and user_id > ${after} and valid_from > ${from} and valid_from <= ${to}
      ) p
      cross join lateral (${briefAt(to)}) a
      left join lateral (${briefAt(from)}) b on true
      where (b.email, b.name, b.role, b.status) is distinct from (a.email, a.name, a.role, a.status)
      order by p.user_id limit ${limit + 1}`.execute(this.db);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      changes: rows.slice(0, limit),
      ...(last ? { nextCursor: encodeCursor(list, '', last.user_id) } : {}),
    };
  }

  /** Whether few had one of these roles then. Most have one of two, so that this is asked of the others in the first place. */
  private async haveFew(workspaceId: string, asOf: Instant, roles: UserQuery['role']): Promise<boolean> {
    if (!roles?.length) return false;
    const { rows } = await sql<{ people: number }>`
      select count(*) as people from (
        select from user_history.spans
        where ${then(workspaceId, asOf)} and role in (${sql.join(roles)}) limit ${this.few + 1}
      ) p`.execute(this.db);
    return (rows[0]?.people ?? 0) <= this.few;
  }

  /** @param isOfFew whether few are left by status or by role, whatever else is asked for */
  private async page(
    workspaceId: string,
    asOf: Instant,
    query: UserQuery,
    list: string,
    isOfFew: boolean,
  ): Promise<FoundRow[]> {
    const selection = selectionOf(query, list);
    if (!selection) return [];
    const column = sql.ref(selection.column);
    const direction = sql.raw(selection.direction);
    const { role: roles } = query;
    const asked = sql`(
      with asked as materialized (
        select * from user_history.spans
        where ${then(workspaceId, asOf)} and status in (${sql.join(statusesOf(query))})
          ${roles?.length ? sql`and role in (${sql.join(roles)})` : sql``}
      )
      select * from asked
    ) a`;
    const { rows } = await sql<FoundRow>`
      select ${SHOWN}, p.key::text as sort_key
      from (
        select user_id, ${column} as key from ${isOfFew ? asked : sql`user_history.spans`}
        where ${then(workspaceId, asOf)} and ${sql.join(selection.conditions, sql` and `)}
        order by ${column} ${direction}, user_id ${direction}
        limit ${query.limit + 1}
      ) p
      cross join lateral (${latest('spans', workspaceId, sql`p.user_id`, asOf)}) s
      cross join lateral (${latest('mails', workspaceId, sql`p.user_id`, asOf)}) m
      order by p.key ${direction}, p.user_id ${direction}`.execute(this.db);
    return rows;
  }

  private async counts(workspaceId: string, asOf: Instant): Promise<Record<UserStatus, number>> {
    const { rows } = await sql<Record<UserStatus, number>>`
      select waiting, active, expired, declined, revoked, removed from user_history.counts
      where workspace_id = ${workspaceId} and valid_from <= ${asOf} order by valid_from desc limit 1`.execute(this.db);
    return rows[0] ?? { ...NOBODY };
  }
}

/** The spans of an instant. Nobody was invited after it: so the newest first begins there, however much came later. */
function then(workspaceId: string, asOf: Instant): RawBuilder<unknown> {
  return sql`workspace_id = ${workspaceId} and valid_from <= ${asOf} and valid_to > ${asOf} and invited_at <= ${asOf}`;
}

/** The row that a table had of a person then. */
function latest(
  table: 'spans' | 'mails',
  workspaceId: string,
  userId: RawBuilder<unknown>,
  asOf: Instant,
): RawBuilder<unknown> {
  return sql`
    select * from ${sql.table(`user_history.${table}`)}
    where user_id = ${userId} and workspace_id = ${workspaceId} and valid_from <= ${asOf}
    order by valid_from desc limit 1`;
}
