import { type RawBuilder, sql } from 'kysely';

import type { Instant } from '../../src/domain/lifetime.js';
import { GENESIS } from './chain.js';
import type { FoundRow } from './row.js';
import type { Wanted } from './wanted.js';

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
export function matching(wanted: Wanted, span: Span, condition = sql`true`): RawBuilder<unknown> {
  const conditions = [inWorkspace(wanted), ...conditionsOf(wanted, span), condition];
  const records = sql`select * from audit_history.chain where ${sql.join(conditions, sql` and `)}`;
  const ordered = sql`order by sequence ${inOrder(span.order)} limit ${span.limit}`;
  if (!wanted.kinds) return sql`${records} ${ordered}`;
  return sql`
    select page.* from unnest(${wanted.kinds}::bigint[]) wanted (kind)
    cross join lateral (${records} and chain.kind = wanted.kind ${ordered}) page ${ordered}`;
}

/** What is read of `records`: the columns of a `FoundRow`. */
export const FOUND = sql`
  records.sequence, records.position, records.copy, encode(records.hash, 'hex') as hash, coalesce(
    (select encode(hash, 'hex') from audit_history.chain before
     where before.workspace = records.workspace and before.sequence = records.sequence - 1),
    ${GENESIS}) as previous_hash`;

/** The records that `matching` finds, in the order of the span. */
export const selectMatching = (wanted: Wanted, span: Span, condition?: RawBuilder<unknown>): RawBuilder<FoundRow> =>
  sql<FoundRow>`
  select ${FOUND} from (${matching(wanted, span, condition)}) records order by sequence ${inOrder(span.order)}`;

export const inWorkspace = ({ workspace }: Wanted): RawBuilder<unknown> => sql`workspace = ${workspace}`;

/** What is asked of a record, but for its workspace, its type and its text. */
export function conditionsOf(
  { workspace, actor, subject, from, to }: Wanted,
  { order, behind, upTo }: Span,
): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (actor !== undefined) conditions.push(sql`actor = ${actor}`);
  if (subject !== undefined) conditions.push(sql`subject = ${subject}`);
  if (from !== undefined) conditions.push(sql`sequence >= ${firstFrom(workspace, from)}`);
  if (to !== undefined) conditions.push(sql`sequence < ${firstFrom(workspace, to)}`);
  if (upTo !== undefined) conditions.push(sql`sequence <= ${upTo}`);
  if (behind !== undefined) conditions.push(sql`sequence ${order === 'newest' ? sql`<` : sql`>`} ${behind}`);
  return conditions;
}

/**
 * The number of the first record that took effect at an instant or later, or of the one to come. Records take effect in their order
 * and their numbers have no gaps: the number is found by halving, in twenty looks among a million, and needs no index of its own.
 */
function firstFrom(workspace: number, instant: Instant): RawBuilder<unknown> {
  return sql`(
    with recursive halves (low, high) as (
      select 1::bigint, coalesce(
        (select sequence from audit_history.chain
         where workspace = ${workspace} order by sequence desc limit 1), 0) + 1
      union all
      select case when is_before then middle + 1 else low end, case when is_before then high else middle end
      from halves cross join lateral (
        select sequence as middle, clock < ${instant}::timestamptz as is_before from audit_history.chain
        where workspace = ${workspace} and sequence = (low + high) / 2
      ) looked_at
      where low < high
    )
    select low from halves where low = high)`;
}
