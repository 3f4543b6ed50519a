import { withoutProofs } from '../domain/membership/mail-reference.js';

/** In characters, as the replies of our own mail server are cut. */
const MAX_LENGTH = 500;

/** What a server or a provider said, as one line that any store takes. */
export function replyLine(...said: readonly (string | undefined)[]): string {
  const line = said
    .filter((part) => part)
    .join(' ')
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();
  return [...withoutProofs(line)].slice(0, MAX_LENGTH).join('');
}

/** The first status code of RFC 3463 in some texts. */
export function enhancedCodeIn(...texts: readonly (string | undefined)[]): string | undefined {
  for (const text of texts) {
    const code = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(text ?? '')?.[1];
    if (code !== undefined) return code;
  }
  return undefined;
}

/**
 * Whether a failure is for good, and the address's own: it takes no mail, whoever sends it. A server that gave up after days of trying says failed with a status of class
 * 4. A full mailbox (X.2.2), a mail that is too large (X.2.3), a system in trouble (X.3), time that ran out (X.4.7), and a
 * refusal for what the mail says (X.6) or who sends it (X.7) say nothing about the next one.
 */
export function isAddressAtFault(code: string | undefined, diagnostic: string | undefined): boolean {
  if (code === undefined) return /^5\d\d\b/.test(diagnostic ?? '');
  return code.startsWith('5.') && !/^5\.(?:2\.[23]$|3\.|4\.7$|6\.|7\.)/.test(code);
}
