import { type RawBuilder, sql } from 'kysely';

/** As long as a trigram. */
const LENGTH = 3;

/** A longer text has distinctive parts enough in these. */
const PARTS_AT_MOST = 60;

/** So many parts in a row say enough: each is a trigram to look up. */
const ROW_AT_MOST = 8;

/** A part is common that more of them have. */
const COMMON_FROM = 0.1;

/** In which a trigram can be seen: letters that begin a word, or end one, or are three. */
const HAS_TRIGRAM = /[^\p{L}\p{N}][\p{L}\p{N}]|[\p{L}\p{N}]{2}[^\p{L}\p{N}]|[\p{L}\p{N}]{3}/u;

/** The parts of a text as trigrams see it: three characters from each one on. What holds the text holds all of them. */
export function partsOf(text: string): string[] {
  const characters = Array.from(text);
  const count = Math.min(Math.max(characters.length - LENGTH + 1, 0), PARTS_AT_MOST);
  return Array.from({ length: count }, (_, start) => characters.slice(start, start + LENGTH).join(''));
}

/** Of each part of a text, the share of names that have it, and that of texts. */
export type Shares = Readonly<Record<'names' | 'texts', readonly number[]>>;

/**
 * As JSON, the shares of a look at a few names and texts: in the order of their ids, which have nothing to do with what people are called or
 * what is said.
 *
 * @param parts as `partsOf` gives them
 */
export function sharesOf(workspaceId: string, parts: readonly string[], sampled: number): RawBuilder<unknown> {
  const among = (table: RawBuilder<unknown>, id: RawBuilder<unknown>) => sql`(
    with sample as materialized (
      select search from ${table} where workspace_id = ${workspaceId} order by ${id} limit ${sampled}
    )
    select array(
      select (select coalesce(avg((strpos(search, part) > 0)::int::float8), 0) from sample)
      from unnest(${parts}::text[]) with ordinality parts (part, place) order by place))`;
  if (parts.length === 0) return sql`'{"names":[],"texts":[]}'::json`;
  return sql`json_build_object(
    'names', ${among(sql`audit_history.names`, sql`user_id`)},
    'texts', ${among(sql`audit_history.texts`, sql`text_id`)})`;
}

/**
 * The longest stretch of the rarest parts. An index of trigrams that is asked for it goes through no long lists to find what few have.
 *
 * @param parts as `partsOf` gives them
 * @param shares of those who have each
 * @returns undefined where all are common, or none has a trigram
 */
export function distinctivePart(parts: readonly string[], shares: readonly number[]): string | undefined {
  const ofTrigrams = parts.map((part, index) => (HAS_TRIGRAM.test(part) ? (shares[index] ?? 0) : 1));
  const rarest = Math.min(...ofTrigrams);
  if (rarest > COMMON_FROM) return undefined;
  let longest = { start: 0, length: 0 };
  let length = 0;
  for (const [index, share] of ofTrigrams.entries()) {
    length = share === rarest ? length + 1 : 0;
    if (length > longest.length) longest = { start: index - length + 1, length };
  }
  const [first = '', ...others] = parts.slice(longest.start, longest.start + Math.min(longest.length, ROW_AT_MOST));
  return first + others.map((part) => Array.from(part).at(-1)).join('');
}
