import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { IdempotencyKeys } from '../../database/idempotency-keys.js';
import { scrubbedError } from '../logging.js';
import { Problem } from '../problems/problem.js';
import { commandIdOf } from '../requests/command-context.js';
import { type KeptAnswer, openAnswer, type SealedRequest, sealAnswer, sealedRequest } from './keyed-request.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request under its idempotency key, while it is being worked on; null where there is no key. */
    keyed: SealedRequest | null;
    /** Whether the answer is the last word on the request; if not, sending it again carries on with it. */
    isFinal: boolean;
  }
}

/** Headers that are part of an answer and not of its delivery. */
const KEPT_HEADERS = ['content-type', 'location', 'event-position', 'www-authenticate', 'set-cookie'] as const;

/**
 * Makes every route that declares the header `Idempotency-Key` heed it (draft-ietf-httpapi-idempotency-key-header).
 *
 * The same key with the same request gets the same answer, byte by byte. If it was cut off before an answer was kept, the
 * request is carried out again under the command id of its first attempt, and the commands recognise what they did.
 */
export function heedIdempotencyKeys(app: FastifyInstance, keys: IdempotencyKeys): void {
  app.decorateRequest('keyed', null);
  app.decorateRequest('isFinal', true);
  app.addHook('onRoute', (route) => {
    const headers = (route.schema?.headers ?? {}) as { properties?: Record<string, unknown> };
    if (!headers.properties?.['idempotency-key']) return;
    route.preHandler = [route.preHandler ?? [], claim].flat();
    route.onSend = [route.onSend ?? [], keep].flat();
  });

  function claim(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string') done();
    else claimKey(request, reply, key).then((answered) => answered || done(), done);
  }

  /** @returns whether the request is answered already */
  async function claimKey(request: FastifyRequest, reply: FastifyReply, key: string): Promise<boolean> {
    const keyed = sealedRequest(request, key);
    const claimed = await keys.claim(keyed, commandIdOf(request));
    switch (claimed.status) {
      case 'reused':
        throw new Problem('idempotency-key-reused');
      case 'in-flight':
        throw new Problem('request-in-flight');
      case 'answered':
        replay(reply, openAnswer(claimed.answer, keyed.seal));
        return true;
      case 'claimed':
        request.isRepeat = claimed.commandId !== request.commandId;
        request.commandId = claimed.commandId;
        request.keyed = keyed;
        return false;
    }
  }

  function keep(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: Error | null, payload: unknown) => void,
  ): void {
    const { keyed } = request;
    if (!keyed) {
      done(null, payload);
      return;
    }
    request.keyed = null;
    void settle(request, reply, keyed, String(payload ?? '')).then(() => done(null, payload));
  }

  /** An answer that cannot be kept is given all the same: sent again, the request is recognised by its events. */
  async function settle(
    request: FastifyRequest,
    reply: FastifyReply,
    keyed: SealedRequest,
    body: string,
  ): Promise<void> {
    try {
      if (request.isFinal && reply.statusCode < 500) {
        await keys.answer(keyed, request.commandId, sealAnswer(keptAnswer(reply, body), keyed.seal));
      } else {
        await keys.release(keyed, request.commandId);
      }
    } catch (error) {
      request.log.warn({ err: scrubbedError(error) }, 'an answer could not be kept under its idempotency key');
    }
  }
}

function keptAnswer(reply: FastifyReply, body: string): KeptAnswer {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  return { status: reply.statusCode, headers, body };
}

function replay(reply: FastifyReply, { status, headers, body }: KeptAnswer): void {
  reply.code(status).headers(headers).header('idempotency-replayed', 'true');
  // Without a type, Fastify would take a text for text/plain.
  if (body === '') reply.send();
  else reply.send(Buffer.from(body));
}
