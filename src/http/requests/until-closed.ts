import type { FastifyReply } from 'fastify';

/** Aborts when an answer is over: sent to its end, or with nobody there to take it, be it that they left before anything was sent. */
export function untilClosed({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController();
  if (raw.closed) closed.abort();
  else raw.once('close', () => closed.abort());
  return closed.signal;
}
