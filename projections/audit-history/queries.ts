import { type Kysely, type RawBuilder, sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';
import { decodeCursor, encodeCursor, InvalidCursor, isTimestamp } from '../cursor.js';
import { searchText } from '../users-tab/search-text.js';
import { type ChainHead, GENESIS } from './chain.js';
import type { PersonRow } from './people.js';
import type { AuditRow } from './row.js';

/** What a history can be narrowed down to; all that is given must hold. */
export interface AuditFilter {
  readonly type?: readonly string[];
  /** The user id of whoever did it. */
  readonly actor?: string;
  /** The user id of whom it is about. */
  readonly subject?: string;
  /** At or after. */
  readonly from?: Instant;
  /** Before. */
  readonly to?: Instant;
  /** Part of a name, an address, a message, a mail server's reply or an IP address. */
  readonly text?: string;
}

export interface AuditQuery extends AuditFilter {
  readonly order: 'oldest' | 'newest';
  readonly limit: number;
  /** The `nextCursor` of the page before, asked for with the same order. */
  readonly cursor?: string;
}

export interface AuditPage {
  readonly rows: AuditRow[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** How many records are held at once while a history is exported. */
const EXPORTED_AT_ONCE = 1_000;

/** Everything the audit history answers. */
export class AuditHistoryQueries {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
    private readonly db: Kysely<any>,
  ) {}

  /**
   * A page by time, and by number where the times are equal. What is written meanwhile neither doubles nor hides a record.
   *
   * @throws InvalidCursor
   */
  async list(workspaceId: string, { order, limit, cursor, ...filter }: AuditQuery): Promise<AuditPage> {
    const conditions = conditionsOf(workspaceId, filter);
    const newestFirst = order === 'newest';
    if (cursor !== undefined) {
      const [at, sequence] = decodeCursor(order, cursor, isTimestamp);
      if (!/^[1-9]\d{0,14}$/.test(sequence))
        throw new InvalidCursor('Take the cursor from `nextCursor` of the page before, unchanged.');
      const beyond = newestFirst ? sql`<` : sql`>`;
      conditions.push(sql`(at, sequence) ${beyond} (${at}::timestamptz, ${sequence}::bigint)`);
    }
    const direction = newestFirst ? sql`desc` : sql`asc`;
    const { rows } = await sql<AuditRow & { cursor_at: string }>`
      select *, at::text as cursor_at from audit_history.records
      where ${sql.join(conditions, sql` and `)}
      order by at ${direction}, sequence ${direction}
      limit ${limit + 1}`.execute(this.db);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const nextCursor = last && encodeCursor(order, last.cursor_at, String(last.sequence));
    return { rows: rows.slice(0, limit), ...(nextCursor === undefined ? {} : { nextCursor }) };
  }

  /** The newest record of a workspace's chain. */
  async head(workspaceId: string): Promise<ChainHead> {
    const { rows } = await sql<ChainHead>`
      select sequence::float8 as sequence, hash from audit_history.heads where workspace_id = ${workspaceId}`.execute(
      this.db,
    );
    return rows[0] ?? { sequence: 0, hash: GENESIS };
  }

  /** What people were last called by the events of a workspace. */
  async people(workspaceId: string, userIds: readonly string[]): Promise<Map<string, PersonRow>> {
    const { rows } = await sql<PersonRow>`
      select * from audit_history.people
      where workspace_id = ${workspaceId} and user_id = any(${userIds})`.execute(this.db);
    return new Map(rows.map((row) => [row.user_id, row]));
  }

  /** The records up to a head in the order of the chain, a piece at a time. */
  async *records(workspaceId: string, filter: AuditFilter, upTo: ChainHead): AsyncGenerator<AuditRow[]> {
    const conditions = conditionsOf(workspaceId, filter);
    for (let after = 0; ; ) {
      const { rows } = await sql<AuditRow>`
        select * from audit_history.records
        where ${sql.join(conditions, sql` and `)} and sequence > ${after} and sequence <= ${upTo.sequence}
        order by sequence limit ${EXPORTED_AT_ONCE}`.execute(this.db);
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < EXPORTED_AT_ONCE) return;
      after = Number(last.sequence);
    }
  }
}

function conditionsOf(workspaceId: string, filter: AuditFilter): RawBuilder<unknown>[] {
  const { type, actor, subject, from, to, text } = filter;
  const conditions = [sql`workspace_id = ${workspaceId}`];
  if (type?.length) conditions.push(sql`type in (${sql.join(type)})`);
  if (actor !== undefined) conditions.push(sql`actor_id = ${actor}`);
  if (subject !== undefined) conditions.push(sql`subject_id = ${subject}`);
  if (from !== undefined) conditions.push(sql`at >= ${from}::timestamptz`);
  if (to !== undefined) conditions.push(sql`at < ${to}::timestamptz`);
  const wanted = searchText(text ?? '').trim();
  if (wanted !== '') conditions.push(sql`search like ${`%${wanted.replace(/[\\%_]/g, '\\$&')}%`}`);
  return conditions;
}
