import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { Problem } from '../problems/problem.js';

/** So many requests in so much time; the next ones are refused until the time is over. */
export interface RateLimit {
  readonly max: number;
  readonly seconds: number;
}

export interface RateLimits {
  /** Per client address, on all of `/v1` that can be asked for without an access token, taken together. */
  readonly anonymous: RateLimit;
  /** Per client address, on requests whose access token is not good. */
  readonly failedAuthentication: RateLimit;
  /** Per client address, on pages, metrics and whatever does not exist. */
  readonly pages: RateLimit;
  /** Per e-mail address that a sign-in link is asked for, whoever asks and whichever instance. */
  readonly signInLinks: RateLimit;
}

/** A hook that refuses who asks too often. */
export type LimitHook = ReturnType<FastifyInstance['rateLimit']>;

/** Counts what a client gets wrong, apart from what it asks for. */
export interface FailureLimit {
  /** @throws Problem `too-many-requests` when the client has failed too often already */
  check(request: FastifyRequest): Promise<void>;
  /** @throws Problem `too-many-requests` when this failure was one too many */
  count(request: FastifyRequest): Promise<void>;
}

/**
 * Limits by @fastify/rate-limit, with the RateLimit headers of draft-ietf-httpapi-ratelimit-headers. Counted in memory:
 * each instance by itself, but for sign-in links.
 */
export async function enableRateLimits(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => tooManyRequests(ttl / 1000),
  });
}

/** All routes that have the same hook share what it counts. */
export function limitHook(app: FastifyInstance, limit: RateLimit): LimitHook {
  return app.rateLimit(optionsOf(limit));
}

export function failureLimit(app: FastifyInstance, limit: RateLimit): FailureLimit {
  const limiter = app.createRateLimit(optionsOf(limit));
  return {
    async check(request) {
      const standing = await limiter(request, { increment: false });
      if (!standing.isAllowed && standing.remaining === 0) throw tooManyRequests(standing.ttl / 1000);
    },
    async count(request) {
      const standing = await limiter(request);
      if (!standing.isAllowed && standing.isExceeded) throw tooManyRequests(standing.ttl / 1000);
    },
  };
}

function optionsOf({ max, seconds }: RateLimit) {
  return { max, timeWindow: seconds * 1000 };
}

export function tooManyRequests(waitSeconds: number): Problem {
  const seconds = Math.max(1, Math.ceil(waitSeconds));
  return new Problem('too-many-requests', `Too many requests. Wait ${seconds} seconds.`, {
    headers: { 'retry-after': String(seconds) },
  });
}
