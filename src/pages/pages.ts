import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Only what this service serves itself, no inline script or style, and nothing may frame it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The pages that links in mails lead to. The token stands in the fragment: it never reaches a server by itself. */
const PAGES = { '/accept': 'accept.html', '/sign-in': 'sign-in.html' } as const;

/** Static files stand beside the sources; the compiled program finds them from there too. */
function staticFolder(): string {
  const beside = fileURLToPath(new URL('./static/', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../../src/pages/static/', import.meta.url));
}

/** Serves the pages and what they load. A GET of them changes nothing: they post only when a person clicks. */
export async function pages(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, { root: staticFolder(), prefix: '/pages/', index: false, decorateReply: true });
  for (const [path, file] of Object.entries(PAGES)) {
    app.get(path, { schema: { hide: true } as object }, (_request, reply) =>
      reply
        .header('content-security-policy', POLICY)
        .header('referrer-policy', 'no-referrer')
        .header('cache-control', 'no-store')
        .sendFile(file),
    );
  }
}
