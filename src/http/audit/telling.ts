import type { FastifyRequest } from 'fastify';

import { timeZoneOf } from '../requests/time-zone.js';
import { historyLocale, type Telling } from './words/words.js';

/**
 * In which language, as times are written where, and by which clock a request wants a history told: as its query says, else by its
 * Accept-Language, in UTC.
 *
 * @throws Problem `invalid-request` for a time zone that there is not
 */
export function tellingOf(
  { headers }: FastifyRequest,
  { locale, timeZone = 'UTC' }: { readonly locale?: string | undefined; readonly timeZone?: string | undefined },
): Telling {
  return {
    ...historyLocale(locale ?? headers['accept-language']),
    timeZone: timeZoneOf('timeZone', timeZone),
  };
}
