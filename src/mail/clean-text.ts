/**
 * Text that a stranger typed and that our mails carry to other strangers: a person's name, a workspace's name, a message.
 * Invitation mails are worth abusing just because they arrive, so nothing in them may act as a link but our own.
 */

/** Controls, format characters (bidi overrides, zero widths, tags), private use, halves of surrogate pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu;

/** What mail programs and browsers take for the dot of a domain: full stops, wide and ideographic ones (UTS 46). */
const DOT = '[.\uff0e\u3002\uff61]';

/** A word is a link if it has a scheme or a `www.`, or is a domain with a path, a query or a port. */
const HAS_SCHEME = /[:\uff1a][/\uff0f]{2}|(?<!\p{L})(?:mailto|tel|sms|javascript|data):/iu;
const HAS_WWW = new RegExp(`(?<!\\p{L})www${DOT}`, 'iu');
const DOMAIN_WITH_MORE = new RegExp(`[\\p{L}\\p{M}\\p{N}-]${DOT}[\\p{L}\\p{M}\\p{N}-]+${DOT}?(?:[/?#]|:\\d)`, 'u');
/** Whatever has an `@` between two things, wide ones too: an address, or a login in front of a host. */
const MAIL_ADDRESS = /[^\s@\uff20\ufe6b][@\uff20\ufe6b][^\s@\uff20\ufe6b]/u;

const LETTERS_AND_DIGITS = /[\p{L}\p{M}\p{N}]+/gu;

const INNER_DOT = new RegExp(`(?<=[\\p{L}\\p{M}\\p{N}])(${DOT})(?=[\\p{L}\\p{N}])`, 'gu');
/** Nobody sees it, and behind a dot it keeps mail programs from making a link of "Booking.com". */
const WORD_JOINER = '\u2060';

/** What is longer than this many times the limit is cut before it is looked at. */
const LOOKED_AT = 8;

/**
 * A name for one line of a mail. Words that are links or addresses are taken out; a name such as "Booking.com" can still
 * be read, but an unseen character behind its dot keeps mail programs from linking it. What nobody can see is removed, line
 * breaks with it, so that no name reaches into the headers of a mail. Of a name that is nothing but links, the letters and
 * digits are kept.
 *
 * @param longest in characters; a longer name is cut and ends in "…". The unseen characters do not count
 */
export function cleanName(name: string, longest = 80): string {
  const words = wordsOf(name.slice(0, LOOKED_AT * longest));
  const harmless = words.filter((word) => !isLink(word));
  const kept = harmless.length > 0 ? harmless : words.flatMap((word) => word.match(LETTERS_AND_DIGITS) ?? []);
  return shorten(kept.join(' '), longest).replace(INNER_DOT, `$1${WORD_JOINER}`);
}

/**
 * A message of several lines: each is cleaned like a name, and links alone leave nothing. Of empty lines, one is kept.
 *
 * @param longest in characters, of the whole message
 */
export function cleanMessage(message: string, longest = 1000): string {
  const lines = message
    .slice(0, LOOKED_AT * longest)
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/u)
    .map((line) =>
      wordsOf(line)
        .filter((word) => !isLink(word))
        .join(' '),
    );
  const text = lines
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
  return shorten(text, longest).replace(INNER_DOT, `$1${WORD_JOINER}`);
}

function wordsOf(text: string): string[] {
  const seen = text.replace(/\s+/gu, ' ').replace(UNSEEN, '').normalize('NFC');
  return seen.split(' ').filter((word) => word !== '');
}

function isLink(word: string): boolean {
  return [HAS_SCHEME, HAS_WWW, DOMAIN_WITH_MORE, MAIL_ADDRESS].some((pattern) => pattern.test(word));
}

function shorten(text: string, longest: number): string {
  const characters = [...text];
  return characters.length > longest
    ? `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
    : text;
}
