import type { FastifyRequest } from 'fastify';

import { LOCALES, type Locale } from '../../mail/render.js';
import { knownLanguage } from '../../negotiation.js';

/** The language that a person reads, of those there are mails in; undefined where neither browser nor page said one. */
export function languageOf({ headers }: FastifyRequest): Locale | undefined {
  const { cookie, 'accept-language': acceptLanguage } = headers;
  return knownLanguage(LOCALES, { cookie, acceptLanguage });
}
