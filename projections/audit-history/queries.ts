import { type Kysely, type RawBuilder, sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import { searchText } from '../users-tab/search-text.js';
import { type ChainHead, GENESIS } from './chain.js';
import type { PersonRow } from './people.js';
import type { AuditRow, ExportedAuditRow } from './row.js';

/** What a history can be narrowed down to; all that is given must hold. */
export interface AuditFilter {
  readonly type?: readonly string[];
  /** The user id of whoever did it. */
  readonly actor?: string;
  /** The user id of whom it is about. */
  readonly subject?: string;
  /** What took effect at or after it. */
  readonly from?: Instant;
  /** What took effect before it. */
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
   * A page in the order of the chain, which is that of the log. What is written meanwhile comes after all of it, so that it neither
   * doubles nor hides a record.
   *
   * @throws InvalidCursor
   */
  async list(workspaceId: string, { order, limit, cursor, ...filter }: AuditQuery): Promise<AuditPage> {
    const newestFirst = order === 'newest';
    const conditions = conditionsOf(workspaceId, filter);
    if (cursor !== undefined) {
      const [sequence] = decodeCursor(order, cursor, isSequence);
      conditions.push(sql`sequence ${newestFirst ? sql`<` : sql`>`} ${sequence}::bigint`);
    }
    const ordered = sql`order by sequence ${newestFirst ? sql`desc` : sql`asc`} limit ${limit + 1}`;
    const { rows } = await sql<AuditRow>`
      select ${COLUMNS} from (${pageOf(filter.type, conditions, ordered)}) records ${ordered}`.execute(this.db);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      rows: rows.slice(0, limit),
      ...(last ? { nextCursor: encodeCursor(order, String(last.sequence), '') } : {}),
    };
  }

  /** The newest record of a workspace's chain. */
  async head(workspaceId: string): Promise<ChainHead> {
    const { rows } = await sql<ChainHead>`
      select sequence, hash from audit_history.heads where workspace_id = ${workspaceId}`.execute(this.db);
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
  async *records(workspaceId: string, filter: AuditFilter, upTo: ChainHead): AsyncGenerator<ExportedAuditRow[]> {
    const conditions = [...conditionsOf(workspaceId, filter), sql`sequence <= ${upTo.sequence}`];
    const ordered = sql`order by sequence limit ${EXPORTED_AT_ONCE}`;
    for (let after = 0; ; ) {
      const page = pageOf(filter.type, [...conditions, sql`sequence > ${after}`], ordered);
      const { rows } = await sql<ExportedAuditRow>`
        select ${COLUMNS}, coalesce(
          (select encode(hash, 'hex') from audit_history.records before
           where before.workspace_id = records.workspace_id and before.sequence = records.sequence - 1),
          ${GENESIS}) as previous_hash
        from (${page}) records ${ordered}`.execute(this.db);
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < EXPORTED_AT_ONCE) return;
      after = last.sequence;
    }
  }
}

const COLUMNS = sql`workspace_id, sequence, at, type, actor_type, actor_id, subject_id, event, encode(hash, 'hex') as hash`;

const isSequence = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);

/**
 * The records that fulfil conditions. Of several types, a page of each: their index has the records of one type in order, and those
 * of several in none.
 */
function pageOf(
  types: readonly string[] | undefined,
  conditions: readonly RawBuilder<unknown>[],
  ordered: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const wanted = sql`select * from audit_history.records where ${sql.join(conditions, sql` and `)}`;
  if (!types?.length) return sql`${wanted} ${ordered}`;
  return sql`
    select page.* from unnest(${[...new Set(types)]}::text[]) wanted (type)
    cross join lateral (${wanted} and records.type = wanted.type ${ordered}) page`;
}

function conditionsOf(workspaceId: string, filter: AuditFilter): RawBuilder<unknown>[] {
  const { actor, subject, from, to, text } = filter;
  const conditions = [sql`workspace_id = ${workspaceId}`];
  if (actor !== undefined) conditions.push(sql`actor_id = ${actor}`);
  if (subject !== undefined) conditions.push(sql`subject_id = ${subject}`);
  if (from !== undefined) conditions.push(sql`sequence >= ${firstFrom(workspaceId, from)}`);
  if (to !== undefined) conditions.push(sql`sequence < ${firstFrom(workspaceId, to)}`);
  const wanted = searchText(text ?? '').trim();
  if (wanted !== '') conditions.push(sql`search like ${`%${wanted.replace(/[\\%_]/g, '\\$&')}%`}`);
  return conditions;
}

/** The number of the first record that took effect at an instant or later; beyond all where there is none. */
function firstFrom(workspaceId: string, instant: Instant): RawBuilder<unknown> {
  return sql`coalesce(
    (select sequence from audit_history.records
     where workspace_id = ${workspaceId} and clock >= ${instant}::timestamptz order by clock, sequence limit 1),
    ${Number.MAX_SAFE_INTEGER})`;
}
