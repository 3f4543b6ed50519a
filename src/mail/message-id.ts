import { createHash } from 'node:crypto';

/**
 * A `Message-ID` (RFC 5322, section 3.6.4) that follows from what the mail is about, so that the same mail sent twice,
 * after a crash say, has the same one and mail programs can tell.
 *
 * @param domain the right-hand side: that of the sender's address
 */
export function messageId(about: readonly (string | number)[], domain: string): string {
  const digest = createHash('sha256').update(about.join('\n')).digest('base64url').slice(0, 32);
  return `<${digest}@${domain}>`;
}
