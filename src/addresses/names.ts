/** In UTF-16 units; what is longer is cut. */
const MAX_NAME_LENGTH = 100;

/** Marks around a name in lists, cells and Markdown. */
const BEFORE_NAME = /^[^\p{L}\p{M}\p{N}\p{S}(]+/u;
/** A full stop ends an abbreviation, a parenthesis what is said about somebody. */
const ENDS_A_NAME = /[\p{L}\p{M}\p{N}\p{S}\p{Cs}.)!]/u;
const SAYS_SOMETHING = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** RFC 2047: a name that only a mail program can read. */
const ENCODED_WORD = /=\?[^?\s]+\?[bq]\?/i;

/** A dot only behind a word, as in an initial: `example.com` is no name. */
const NAME_CHARACTERS = /^(?:[\p{L}\p{M}'’‘()· -]|\.(?=[\s)]|$))+$/u;
const BEGINS_IN_LOWER_CASE = /^\P{L}*\p{Ll}/u;

/** Whether there is more than marks in it. */
export function saysSomething(text: string): boolean {
  return SAYS_SOMETHING.test(text);
}

/**
 * The name that a text gives. None if it has nothing but marks, if it is an address shown as a name, and if only a mail
 * program could read it.
 */
export function nameIn(text: string): string | undefined {
  if (text.includes('@') || ENCODED_WORD.test(text)) return undefined;
  const line = text
    .slice(0, 4 * MAX_NAME_LENGTH)
    .replace(/\s+/g, ' ')
    .replace(BEFORE_NAME, '');
  let end = Math.min(line.length, MAX_NAME_LENGTH);
  while (end > 0 && !ENDS_A_NAME.test(line.charAt(end - 1))) end--;
  const name = line
    .slice(0, end)
    .replace(/\p{Cs}$/u, '')
    .normalize('NFC');
  return saysSomething(name) ? name : undefined;
}

/**
 * Whether text that no mark tells to be a name reads as one: a few words without digits, the first and the last not in
 * lower case. "bob" and "please invite" do not, so that what is a mistyped address, or a sentence, is not lost in a name.
 */
export function readsAsName(text: string, fewestWords: number, mostWords = 6): boolean {
  if (text.length > MAX_NAME_LENGTH || !NAME_CHARACTERS.test(text)) return false;
  const words = text.trim().split(/\s+/);
  if (words.length < fewestWords || words.length > mostWords) return false;
  return [words.at(0), words.at(-1)].every((word) => !BEGINS_IN_LOWER_CASE.test(word ?? ''));
}
