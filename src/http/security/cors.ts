import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** What a client has to set, besides what every page may. */
const ALLOWED = ['authorization', 'content-type', 'idempotency-key', 'min-event-position', 'x-request-id'];

/** What a client has to read, besides what every page may. */
const EXPOSED = [
  'event-position',
  'idempotency-replayed',
  'location',
  'ratelimit',
  'ratelimit-limit',
  'ratelimit-policy',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
];

/** Seconds for which a browser need not ask again whether it may. */
const MAX_AGE = 600;

/**
 * Lets the pages of some other origins call the routes of a plugin (https://fetch.spec.whatwg.org/#http-cors-protocol). Never
 * with cookies: they send an access token, which no other page has.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    credentials: false,
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED,
    exposedHeaders: EXPOSED,
    maxAge: MAX_AGE,
  });
}
