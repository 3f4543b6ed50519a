/**
 * Text that a stranger typed and that our mails carry to other strangers: a person's name, a workspace's name, a message.
 * Invitation mails are worth abusing just because they arrive, so nothing in them may act as a link but our own.
 */

/** Controls, format characters (bidi overrides, zero widths), line and paragraph separators, private use. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu;

const SCHEME_LINK = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S*/giu;
const BARE_LINK = /\b(?:www\.\S+|[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+[/?#]\S*)/giu;
const MAIL_ADDRESS = /\S+@\S+\.\S+/gu;
const DOTTED = /([\p{L}\p{N}])\.(?=\p{L}{2,})/gu;

/** Invisible, and keeps mail programs from making a link of a name such as "Booking.com". */
const WORD_JOINER = '\u2060';

/**
 * A name for one line of a mail: links and addresses are taken out, what mail programs would take for a domain is broken
 * up invisibly, and so is a subject with line breaks in it.
 *
 * @param longest in characters; a longer name is cut and ends in "…"
 */
export function cleanName(name: string, longest = 80): string {
  const plain = withoutLinks(name.normalize('NFC').replace(/\s+/gu, ' ').replace(INVISIBLE, ''));
  const short = shorten(plain.replace(/\s+/gu, ' ').trim(), longest);
  return short.replace(DOTTED, `$1.${WORD_JOINER}`);
}

/** A message of several lines, cleaned like a name, with its line breaks kept; at most two in a row. */
export function cleanMessage(message: string, longest = 1000): string {
  return shorten(message, longest)
    .split(/\r\n|\r|\n/u)
    .map((line) => cleanName(line, longest))
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

function withoutLinks(text: string): string {
  return text.replace(SCHEME_LINK, '').replace(BARE_LINK, '').replace(MAIL_ADDRESS, '');
}

function shorten(text: string, longest: number): string {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}
