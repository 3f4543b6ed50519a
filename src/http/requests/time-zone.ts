import { LRUCache } from 'lru-cache';

import { Problem } from '../problems/problem.js';

/** By how they were spelt. Asking the system for one took a fourteenth of what a page of the audit history does. */
const canonicalNames = new LRUCache<string, string>({ max: 1_000 });

/**
 * A time zone of a query by its canonical name: whoever keeps something for each zone keeps it once, however it is spelt.
 *
 * @throws Problem `invalid-request` for one that there is not
 */
export function timeZoneOf(parameter: string, asked: string): string {
  const known = canonicalNames.get(asked);
  if (known !== undefined) return known;
  try {
    const name = new Intl.DateTimeFormat('en', { timeZone: asked }).resolvedOptions().timeZone;
    canonicalNames.set(asked, name);
    return name;
  } catch (cause) {
    const detail = 'Give a time zone of the IANA database, such as America/Sao_Paulo.';
    throw new Problem('invalid-request', undefined, { errors: [{ parameter, detail }], cause });
  }
}
