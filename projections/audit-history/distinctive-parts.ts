import { type RawBuilder, sql } from 'kysely';

/**
 * The words of a text, each with the sign before and after it, by which trigrams tell where a word begins and ends. What holds the text
 * holds all of them. Those too short for a trigram are left out.
 */
export function wordsOf(text: string): string[] {
  const words = [...text.matchAll(WORDS)].map(([word, after = '']) => word + after);
  return [...new Set(words)].filter((word) => word.length > 2 || BEGINS_APART.test(word)).slice(0, WORDS_AT_MOST);
}

const WORDS = /[^\p{L}\p{N}]?[\p{L}\p{N}]+(?=([^\p{L}\p{N}]?))/gu;
const BEGINS_APART = /^[^\p{L}\p{N}]/u;

/** A longer text has distinctive words enough in these. */
const WORDS_AT_MOST = 20;

/** Of each word, whether many names and many texts have it. */
export type Common = Readonly<Record<'names' | 'texts', readonly boolean[]>>;

/** A word is common that more than one in so many have. */
const COMMON_FROM = 10;

/**
 * As JSON, which words are common, by a look at a few names and texts: in the order of their ids, which have nothing to do with what
 * people are called or what is said.
 */
export function commonOf(workspaceId: string, words: readonly string[], sampled: number): RawBuilder<unknown> {
  const among = (table: RawBuilder<unknown>, id: RawBuilder<unknown>) => {
    const counts = words.map(
      (word) => sql`count(*) filter (where strpos(search, ${word}) > 0) * ${COMMON_FROM} > count(*)`,
    );
    return sql`(
      select json_build_array(${sql.join(counts)}) from (
        select search from ${table} where workspace_id = ${workspaceId} order by ${id} limit ${sampled}
      ) sample)`;
  };
  // Of a single word there is nothing to leave out.
  if (words.length < 2) return sql`'{"names":[],"texts":[]}'::json`;
  return sql`json_build_object(
    'names', ${among(sql`audit_history.names`, sql`user_id`)},
    'texts', ${among(sql`audit_history.texts`, sql`text_id`)})`;
}

/**
 * That words occur, as an index of trigrams finds it: but for those that are common, whose long lists it would go through to the end to
 * find what few have. Where all are, the whole text.
 */
export function likeWords(text: string, words: readonly string[], areCommon: readonly boolean[]): RawBuilder<unknown> {
  const rare = words.filter((_, index) => !areCommon[index]);
  const asked = rare.length > 0 ? rare : [text];
  const likes = asked.map((part) => sql`search like ${`%${part.replace(/[\\%_]/g, '\\$&')}%`}`);
  return sql.join(likes, sql` and `);
}
