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
