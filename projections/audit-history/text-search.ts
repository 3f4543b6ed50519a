import { type Kysely, type RawBuilder, sql } from 'kysely';

import { containing } from '../users-tab/search-text.js';
import { conditionsOf, FOUND, inOrder, inWorkspace, matching, type Span, selectMatching } from './matching.js';
import type { FoundRow } from './row.js';
import type { Wanted, WantedText } from './wanted.js';

export interface SearchLimits {
  /** How many records are looked at one by one before anything else is tried, for each that is wanted. */
  readonly lookedAt: number;
  /** Of so many names and texts at most the records are asked for; what more of them hold is soon met one by one. */
  readonly candidates: number;
  /** So many names and so many texts tell which parts of a text many have. */
  readonly sampled: number;
}

export const SEARCH_LIMITS: SearchLimits = { lookedAt: 10, candidates: 1_000, sampled: 50 };

/** A filter with a text to search for. */
type Searched = Wanted & { readonly text: WantedText };

/** What a statement finds beside a figure of its own: a row of nulls where it finds none. */
type Found<Figure> = (FoundRow | { readonly sequence: null }) & Figure;

/** Records of a history that have a text in what can be searched for. */
export class TextSearch {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
    private readonly db: Kysely<any>,
    private readonly limits: SearchLimits,
  ) {}

  /**
   * The first records of a span that are wanted and hold a text, in its order.
   *
   * What many records hold is soon found by looking at one after the other. What few hold is found by its names and texts, of which there
   * are far fewer than records; and these by a part of it that few of them have.
   */
  async find(workspaceId: string, wanted: Searched, span: Span): Promise<FoundRow[]> {
    const isRare = wanted.text.inNames !== undefined && wanted.text.inTexts !== undefined;
    const first = isRare ? { rows: [], behind: span.behind, isAll: false } : await this.lookAtFirst(wanted, span);
    const rest = { ...span, limit: span.limit - first.rows.length, behind: first.behind };
    if (first.isAll || rest.limit === 0) return first.rows;
    const others = (await this.findByCandidates(workspaceId, wanted, rest)) ?? (await this.findOneByOne(wanted, rest));
    return [...first.rows, ...others];
  }

  private async lookAtFirst(wanted: Searched, span: Span) {
    const limit = span.limit * this.limits.lookedAt;
    const direction = inOrder(span.order);
    const { rows } = await sql<Found<{ looked: number; behind: number }>>`
      with looked_at as materialized (
        select sequence, ${isIn(wanted)} as is_found from (${matching(wanted, { ...span, limit })}) records
      ), counted as materialized (
        select count(*) as looked, ${span.order === 'newest' ? sql`min` : sql`max`}(sequence) as behind from looked_at
      )
      select looked, behind, ${FOUND}
      from counted left join audit_history.chain records on ${isOneOf(
        wanted,
        sql`select sequence from looked_at where is_found order by sequence ${direction} limit ${span.limit}`,
      )}
      order by sequence ${direction}`.execute(this.db);
    const { looked = 0, behind } = rows[0] ?? {};
    return { rows: recordsAmong(rows), behind, isAll: looked < limit };
  }

  /**
   * By the records of each name and text that holds it. A name counts for the records up to the person's next one, and these all hold it;
   * texts that share a row do not. A record may be found thrice: by its subject, its actor and its text. All in one statement, so that
   * nothing is written between looking for names and for their records.
   *
   * @returns undefined where there are too many
   */
  private async findByCandidates(workspaceId: string, wanted: Searched, span: Span): Promise<FoundRow[] | undefined> {
    const { candidates } = this.limits;
    const { line, inNames, inTexts } = wanted.text;
    const direction = inOrder(span.order);
    const holding = (part = line) => sql`
      workspace_id = ${workspaceId} and search like ${containing(part)} and ${isIn(wanted)}
      limit ${candidates + 1}`;
    const { rows } = await sql<Found<{ candidates: number }>>`
      with named as materialized (
        select person, sequence as since from audit_history.names where ${holding(inNames)}
      ), said as materialized (
        select text_id from audit_history.texts where ${holding(inTexts)}
      ), counted as materialized (
        select (select count(*) from named) + (select count(*) from said) as candidates
      ), periods as materialized (
        select person, since, coalesce((
          select sequence from audit_history.names where person = named.person and sequence > since
          order by sequence limit 1), ${Number.MAX_SAFE_INTEGER}) as until
        from named
      )
      select candidates, ${FOUND}
      from counted left join audit_history.chain records on ${isOneOf(
        wanted,
        sql`
          select distinct sequence from (
            select sequence from (
              ${recordsOf(called('subject'), wanted, span)}
              union all
              ${recordsOf(called('actor'), wanted, span)}
              union all
              ${recordsOf(SAID, wanted, span, [inWorkspace(wanted), isIn(wanted)])}
            ) records
            where (select candidates from counted) <= ${candidates}
            order by sequence ${direction} limit ${3 * span.limit}
          ) first order by sequence ${direction} limit ${span.limit}`,
      )}
      order by sequence ${direction}`.execute(this.db);
    return (rows[0]?.candidates ?? 0) > candidates ? undefined : recordsAmong(rows);
  }

  private async findOneByOne(wanted: Searched, span: Span): Promise<FoundRow[]> {
    const { rows } = await selectMatching(wanted, span, isIn(wanted)).execute(this.db);
    return rows;
  }
}

const isIn = ({ text }: Searched): RawBuilder<unknown> => sql`strpos(search, ${text.line}) > 0`;

const isOneOf = ({ workspace }: Wanted, sequences: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`records.workspace = ${workspace} and records.sequence = any(array(${sequences}))`;

const recordsAmong = (found: readonly (FoundRow | { readonly sequence: null })[]): FoundRow[] =>
  found.flatMap((row) => (row.sequence === null ? [] : [row]));

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
