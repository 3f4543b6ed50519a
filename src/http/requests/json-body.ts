import type { FastifyInstance } from 'fastify';

/**
 * Bodies are JSON and nothing else. An empty one is taken for none: many clients name a content type with every request,
 * and a DELETE that says `application/json` and nothing more means no harm.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, String(body), done);
  });
}
