import { type Kysely, type RawBuilder, sql } from 'kysely';

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

/** What a workspace and a filter ask for, as records know it. */
export interface Wanted {
  readonly workspace: number;
  /** Where one of these is asked for; several types are as many kinds. */
  readonly kinds?: readonly number[];
  readonly actor?: number;
  readonly subject?: number;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** @returns undefined where no record can be one of these: nobody has heard of the workspace, or of what its records are to have */
// biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
export async function wantedOf(db: Kysely<any>, workspaceId: string, filter: AuditFilter): Promise<Wanted | undefined> {
  const { type = [], actor, subject, from, to } = filter;
  const person = (userId: string | undefined) => sql`(
    select person from audit_history.names where workspace_id = ${workspaceId} and user_id = ${userId ?? null} limit 1)`;
  const { rows } = await sql<Record<'workspace' | 'actor' | 'subject', number> & { kinds: number[] }>`
    select number as workspace, ${person(actor)} as actor, ${person(subject)} as subject, to_json(array(
      select number from audit_history.kinds where workspace_id = ${workspaceId} and type = any(${type}::text[])
    )) as kinds
    from audit_history.workspaces where workspace_id = ${workspaceId}`.execute(db);
  const [found] = rows;
  const isKnown =
    found &&
    (type.length === 0 || found.kinds.length > 0) &&
    (actor === undefined || found.actor !== null) &&
    (subject === undefined || found.subject !== null);
  if (!isKnown) return undefined;
  return {
    workspace: found.workspace,
    ...(type.length > 0 ? { kinds: found.kinds } : {}),
    ...(actor === undefined ? {} : { actor: found.actor }),
    ...(subject === undefined ? {} : { subject: found.subject }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

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
