import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Answers with server-sent events, for as long as they come. */
export function sendStream<Reply extends FastifyReply>(reply: Reply, stream: Readable) {
  // Proxies that gather what they pass on would hold events back (nginx heeds this header).
  reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no');
  // A connection that outlived its stream would stay open, and hold up a shutdown, until it is timed out.
  reply.header('connection', 'close');
  return reply.send(stream);
}
