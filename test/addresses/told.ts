import type { RecipientEntry } from '../../src/addresses/parse-recipients.js';

/** Entries in short: `2: Jane Doe <jane@example.com>` for one that is good, `3: no-at-sign: bob` for one that is not. */
export function told(entries: readonly RecipientEntry[]): string[] {
  return entries.map((entry) => {
    if (!entry.ok) return `${entry.line}: ${entry.problem.fault}: ${entry.input}`;
    const mailbox = entry.name === undefined ? entry.email : `${entry.name} <${entry.email}>`;
    const again = entry.duplicateOf === undefined ? '' : ` again ${entry.duplicateOf}`;
    return `${entry.line}: ${mailbox}${again}`;
  });
}
