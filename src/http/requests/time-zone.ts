import { Problem } from '../problems/problem.js';

/**
 * A time zone of a query by its canonical name: whoever keeps something for each zone keeps it once, however it is spelt.
 *
 * @throws Problem `invalid-request` for one that there is not
 */
export function timeZoneOf(parameter: string, asked: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: asked }).resolvedOptions().timeZone;
  } catch (cause) {
    const detail = 'Give a time zone of the IANA database, such as America/Sao_Paulo.';
    throw new Problem('invalid-request', undefined, { errors: [{ parameter, detail }], cause });
  }
}
