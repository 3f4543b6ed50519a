/**
 * The characters of pasted text: what stands for an ASCII separator in other scripts and keyboards, what cannot be seen,
 * and how a place in the folded text leads back to what was pasted.
 */

/** One UTF-16 unit for one, so that folding moves nothing. Full-width ASCII (U+FF01 to U+FF5E) is folded besides. */
const STANDS_FOR = new Map(
  Object.entries({
    '@': '﹫',
    ',': '、､،﹐﹑',
    ';': '؛;﹔',
    '.': '。｡',
    '"': '“”„‟«»',
    '<': '‹〈',
    '>': '›〉',
    '\n': '\u000b\u000c\u0085\u2028\u2029',
  }).flatMap(([ascii, variants]) => [...variants].map((variant) => [variant, ascii] as const)),
);

const TO_FOLD = new RegExp(`[\\uff01-\\uff5e${[...STANDS_FOR.keys()].join('')}]`, 'g');
const FULL_WIDTH_OFFSET = 0xfee0;

/** White space of any kind (non-breaking, ideographic, …) but the tab, which separates, and the line feed. */
const SPACES = /[^\S\t\n]/g;

/** Nobody means them: zero-width and bidirectional marks, soft hyphens, controls, halves of surrogate pairs. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** A longer `input` is cut: a refused entry may be a whole novel. In UTF-16 units. */
const MAX_INPUT_LENGTH = 320;

/** Pasted text made plain, with the way back to what was pasted. */
export interface FoldedText {
  readonly text: string;
  /** What was pasted between two places of `text`: trimmed, in one line, without controls, capped in length. */
  rawInput(start: number, end: number): string;
}

/**
 * Makes pasted text plain: one kind of line end, space and separator, full-width ASCII as ASCII, nothing unseen.
 * Linear in the length of `raw`.
 */
export function foldText(raw: string): FoldedText {
  const folded = raw
    .replace(/\r\n/g, ' \n')
    .replace(/\r/g, '\n')
    .replace(TO_FOLD, (ch) => STANDS_FOR.get(ch) ?? String.fromCharCode(ch.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(SPACES, ' ');
  const { text, offsets } = withoutUnseen(folded);
  const rawOffset = (place: number) => offsets?.[place] ?? place;
  return {
    text,
    rawInput: (start, end) => inOneLine(raw.slice(rawOffset(start), rawOffset(end - 1) + 1)),
  };
}

/** Drops the unseen, and remembers for every unit kept where it was. No offsets where there was nothing to drop. */
function withoutUnseen(folded: string): { text: string; offsets?: Uint32Array } {
  const text = folded.replace(UNSEEN, '');
  if (text.length === folded.length) return { text };
  const offsets = new Uint32Array(text.length);
  let kept = 0;
  let from = 0;
  const keepUntil = (to: number) => {
    for (let at = from; at < to; at++) offsets[kept++] = at;
  };
  for (const unseen of folded.matchAll(UNSEEN)) {
    keepUntil(unseen.index);
    from = unseen.index + unseen[0].length;
  }
  keepUntil(folded.length);
  return { text, offsets };
}

/** Controls and lone surrogates go: neither Postgres nor JSON in UTF-8 can carry all of them. */
function inOneLine(raw: string): string {
  const line = raw
    .slice(0, MAX_INPUT_LENGTH + 1)
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();
  return raw.length > MAX_INPUT_LENGTH ? `${line.slice(0, MAX_INPUT_LENGTH - 1).replace(/\p{Cs}$/u, '')}…` : line;
}
