import { type Kysely, type RawBuilder, sql } from 'kysely';

import { type Common, commonOf, likeWords, wordsOf } from './distinctive-words.js';
import { conditionsOf, inOrder, inWorkspace, matching, type Span, type Wanted } from './matching.js';

export interface SearchLimits {
  /** How many records are looked at one by one before anything else is tried, for each that is wanted. */
  readonly lookedAt: number;
  /** Of so many names and texts at most the records are asked for; what more of them hold is soon met one by one. */
  readonly candidates: number;
  /** Of so many names and so many texts the words are counted, to tell those that many have. */
  readonly sampled: number;
}

const LIMITS: SearchLimits = { lookedAt: 10, candidates: 1_000, sampled: 50 };

const NONE_COMMON: Common = { names: [], texts: [] };

/** Records of a history that have a text in what can be searched for. */
export class TextSearch {
  private readonly limits: SearchLimits;

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
    private readonly db: Kysely<any>,
    limits: Partial<SearchLimits>,
  ) {
    this.limits = { ...LIMITS, ...limits };
  }

  /**
   * The numbers of the first records of a span that are wanted and hold a text.
   *
   * What many records hold is soon found by looking at one after the other. What few hold is found by its names and texts, of which there
   * are far fewer than records; and these by its words, but for those that many of them have.
   *
   * @param text a line as `lineOf` makes it, not empty
   */
  async find(workspaceId: string, text: string, wanted: Wanted, span: Span): Promise<number[]> {
    const isFound = sql`strpos(search, ${text}) > 0`;
    const words = wordsOf(text);
    const first = await this.lookAtFirst(workspaceId, words, wanted, span, isFound);
    const rest = { ...span, limit: span.limit - first.found.length, behind: first.behind };
    if (first.isAll || rest.limit === 0) return first.found;
    const named = sql`${likeWords(text, words, first.common.names)} and ${isFound}`;
    const said = sql`${likeWords(text, words, first.common.texts)} and ${isFound}`;
    const others =
      (await this.findByCandidates(workspaceId, wanted, rest, { named, said, isFound })) ??
      (await this.findOneByOne(wanted, rest, isFound));
    return [...first.found, ...others];
  }

  private async lookAtFirst(
    workspaceId: string,
    words: readonly string[],
    wanted: Wanted,
    span: Span,
    isFound: RawBuilder<unknown>,
  ) {
    const limit = span.limit * this.limits.lookedAt;
    const { rows } = await sql<{ looked: number; behind: number; found: number[] | null; common: Common }>`
      select count(*) as looked, ${span.order === 'newest' ? sql`min` : sql`max`}(sequence) as behind,
        to_json((array_agg(sequence order by sequence ${inOrder(span.order)}) filter (where ${isFound}))[:${span.limit}]) as found,
        ${commonOf(workspaceId, words, this.limits.sampled)} as common
      from (${matching(wanted, { ...span, limit })}) records`.execute(this.db);
    const { looked = 0, behind, found, common = NONE_COMMON } = rows[0] ?? {};
    return { found: found ?? [], behind, common, isAll: looked < limit };
  }

  /**
   * By the records of each name and text that holds it. A name counts for the records up to the person's next one, and these all hold it;
   * texts that share a row do not. A record may be found thrice: by its subject, its actor and its text. All in one statement, so that
   * nothing is written between looking for names and for their records.
   *
   * @returns undefined where there are too many
   */
  private async findByCandidates(
    workspaceId: string,
    wanted: Wanted,
    span: Span,
    { named, said, isFound }: Record<'named' | 'said' | 'isFound', RawBuilder<unknown>>,
  ): Promise<number[] | undefined> {
    const { candidates } = this.limits;
    const direction = inOrder(span.order);
    const { rows } = await sql<{ candidates: number; found: number[] }>`
      with named as materialized (
        select person, sequence as since from audit_history.names
        where workspace_id = ${workspaceId} and ${named} limit ${candidates + 1}
      ), said as materialized (
        select text_id from audit_history.texts
        where workspace_id = ${workspaceId} and ${said} limit ${candidates + 1}
      ), counted as materialized (
        select (select count(*) from named) + (select count(*) from said) as candidates
      ), periods as materialized (
        select person, since, coalesce((
          select sequence from audit_history.names where person = named.person and sequence > since
          order by sequence limit 1), ${Number.MAX_SAFE_INTEGER}) as until
        from named where (select candidates from counted) <= ${candidates}
      )
      select candidates, to_json(array(
        select distinct sequence from (
          select sequence from (
            ${recordsOf(called('subject'), wanted, span)}
            union all
            ${recordsOf(called('actor'), wanted, span)}
            union all
            ${recordsOf(SAID, wanted, span, [inWorkspace(wanted), isFound])}
          ) records
          where candidates <= ${candidates} order by sequence ${direction} limit ${3 * span.limit}
        ) first order by sequence ${direction} limit ${span.limit}
      )) as found
      from counted`.execute(this.db);
    const { candidates: count = 0, found = [] } = rows[0] ?? {};
    return count > candidates ? undefined : found;
  }

  private async findOneByOne(wanted: Wanted, span: Span, isFound: RawBuilder<unknown>) {
    const { rows } = await sql<{ sequence: number }>`
      select sequence from (${matching(wanted, span, isFound)}) records
      order by sequence ${inOrder(span.order)}`.execute(this.db);
    return rows.map(({ sequence }) => sequence);
  }
}

/** Where candidates are, and the column of records that says which of them a record has, from one number up to another. */
interface Candidates {
  readonly from: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  readonly column: RawBuilder<unknown>;
  readonly since: RawBuilder<unknown>;
  readonly until: RawBuilder<unknown>;
}

const called = (column: 'subject' | 'actor'): Candidates => ({
  from: sql`periods`,
  id: sql`periods.person`,
  column: sql.ref(column),
  since: sql`periods.since`,
  until: sql`periods.until`,
});

const SAID: Candidates = {
  from: sql`said`,
  id: sql`said.text_id`,
  column: sql.ref('text_id'),
  since: sql`1`,
  until: sql`${Number.MAX_SAFE_INTEGER}`,
};

/**
 * The records of each candidate, as many as are wanted in all. Compared and ordered by the columns of the index as they stand there, so
 * that nothing but this index will do: by number alone, somebody who did nothing would be looked for in the whole chain. A person's number
 * is of one workspace, and with nothing else asked the index alone tells which records are theirs.
 *
 * @param asked what a record has to say itself
 */
function recordsOf(
  { from, id, column, since, until }: Candidates,
  wanted: Wanted,
  span: Span,
  asked: readonly RawBuilder<unknown>[] = [],
): RawBuilder<unknown> {
  const direction = inOrder(span.order);
  const conditions = [
    sql`(${column}, sequence) >= (${id}, ${since})`,
    sql`(${column}, sequence) < (${id}, ${until})`,
    ...conditionsOf(wanted, span),
    ...asked,
  ];
  if (wanted.kinds) conditions.push(sql`kind = any(${wanted.kinds}::bigint[])`);
  return sql`
    select records.sequence from ${from} cross join lateral (
      select sequence from audit_history.chain
      where ${sql.join(conditions, sql` and `)}
      order by ${column} ${direction}, sequence ${direction} limit ${span.limit}
    ) records`;
}
