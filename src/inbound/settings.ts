import { RETURN_PATH_TOKEN_LENGTH } from '../domain/membership/mail-reference.js';

/** The ways for reports to come in that are set up. */
export interface InboundSettings {
  /** Signs raw messages. */
  readonly secret?: string;
}

/** In characters: a secret that can be guessed is none. */
const SHORTEST_SECRET = 16;

/**
 * Reads the settings of the ways in; an empty text is one that is not set.
 *
 * @throws RangeError naming the setting that cannot be
 */
export function inboundSettings({ secret }: { readonly secret: string }): InboundSettings {
  if (secret !== '' && secret.length < SHORTEST_SECRET) {
    throw new RangeError(
      `INBOUND_SECRET has fewer than ${SHORTEST_SECRET} characters; \`openssl rand -base64 32\` makes one.`,
    );
  }
  return secret === '' ? {} : { secret };
}

/** RFC 5321, section 4.5.3.1.1. */
const LONGEST_LOCAL_PART = 64;

/**
 * An address that bounces come back to, in which `{attempt}` may stand once, before the @ and behind a character that is no
 * letter and no digit.
 *
 * @throws RangeError
 */
export function returnPathSetting(text: string): string | undefined {
  if (text === '') return undefined;
  const [, local = ''] = /^([^\s@<>]+)@[^\s@<>{}]+$/.exec(text) ?? [];
  const plain = local.replace(/(^|[^A-Za-z0-9])\{attempt\}/, '$1');
  if (local === '' || /[{}]/.test(plain)) {
    throw new RangeError('MAIL_RETURN_PATH must look like bounces+{attempt}@example.com or bounces@example.com.');
  }
  const longest = plain === local ? LONGEST_LOCAL_PART : LONGEST_LOCAL_PART - RETURN_PATH_TOKEN_LENGTH;
  if (plain.length > longest) {
    throw new RangeError(`MAIL_RETURN_PATH may have ${longest} characters besides {attempt} before the @.`);
  }
  return text;
}
