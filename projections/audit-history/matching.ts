import { type RawBuilder, sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';

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

/** A piece of a history. */
export interface Span {
  readonly order: 'oldest' | 'newest';
  /** How many records at most. */
  readonly limit: number;
  /** It begins behind this record, in its order. */
  readonly behind?: number | undefined;
  /** The last record that there is. */
  readonly upTo?: number;
}

export const inOrder = (order: Span['order']): RawBuilder<unknown> => (order === 'newest' ? sql`desc` : sql`asc`);

/**
 * The records of a span that fulfil a filter, but for its text. Of several types, a page of each: their index has the records of one
 * type in order, and those of several in none.
 */
export function matching(
  workspaceId: string,
  filter: AuditFilter,
  span: Span,
  condition = sql`true`,
): RawBuilder<unknown> {
  const conditions = [sql`workspace_id = ${workspaceId}`, ...conditionsOf(workspaceId, filter, span), condition];
  const wanted = sql`select * from audit_history.records where ${sql.join(conditions, sql` and `)}`;
  const ordered = sql`order by sequence ${inOrder(span.order)} limit ${span.limit}`;
  if (!filter.type?.length) return sql`${wanted} ${ordered}`;
  return sql`
    select page.* from unnest(${[...new Set(filter.type)]}::text[]) wanted (type)
    cross join lateral (${wanted} and records.type = wanted.type ${ordered}) page ${ordered}`;
}

/** What a filter and a span ask of a record, but for its type and its text. */
export function conditionsOf(workspaceId: string, filter: AuditFilter, { order, behind, upTo }: Span) {
  const { actor, subject, from, to } = filter;
  const conditions: RawBuilder<unknown>[] = [];
  if (actor !== undefined) conditions.push(sql`actor_id = ${actor}`);
  if (subject !== undefined) conditions.push(sql`subject_id = ${subject}`);
  if (from !== undefined) conditions.push(sql`sequence >= ${firstFrom(workspaceId, from)}`);
  if (to !== undefined) conditions.push(sql`sequence < ${firstFrom(workspaceId, to)}`);
  if (upTo !== undefined) conditions.push(sql`sequence <= ${upTo}`);
  if (behind !== undefined) conditions.push(sql`sequence ${order === 'newest' ? sql`<` : sql`>`} ${behind}`);
  return conditions;
}

/**
 * The number of the first record that took effect at an instant or later, or of the one to come. Records take effect in their order
 * and their numbers have no gaps: the number is found by halving, in twenty looks among a million, and needs no index of its own.
 */
function firstFrom(workspaceId: string, instant: Instant): RawBuilder<unknown> {
  return sql`(
    with recursive halves (low, high) as (
      select 1::bigint, coalesce(
        (select sequence from audit_history.records
         where workspace_id = ${workspaceId} order by sequence desc limit 1), 0) + 1
      union all
      select case when is_before then middle + 1 else low end, case when is_before then high else middle end
      from halves cross join lateral (
        select sequence as middle, clock < ${instant}::timestamptz as is_before from audit_history.records
        where workspace_id = ${workspaceId} and sequence = (low + high) / 2
      ) looked_at
      where low < high
    )
    select low from halves where low = high)`;
}
