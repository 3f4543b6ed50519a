import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';

const DIGEST_BYTES = 24;

/**
 * A `Message-ID` (RFC 5322 section 3.6.4) that follows from what the mail is about: the same mail sent twice, after a crash
 * say, has the same one, and mail programs can tell.
 *
 * @param domain the right-hand side: that of the sender's address
 * @returns with angle brackets
 */
export function messageId(about: readonly (string | number)[], domain: string): string {
  return namedMessageId(digestOf(about), domain);
}

/** Letters, digits, hyphens and underscores that follow from what a mail is about. */
export function digestOf(about: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(about)).digest().subarray(0, DIGEST_BYTES).toString('base64url');
}

/**
 * A `Message-ID` with a left-hand side of our own, from which a report that returns it tells what the mail was about.
 *
 * @param name letters, digits, hyphens, underscores, and full stops between them
 */
export function namedMessageId(name: string, domain: string): string {
  return `<${name}@${domainToASCII(domain) || domain}>`;
}
