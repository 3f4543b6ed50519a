import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Nothing that is answered here may load, run or be framed by anything; the API's pages have a policy of their own. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
};

/** The headers that keep browsers from doing more with an answer than is meant (helmet's, with a stricter policy). */
export async function securityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    frameguard: { action: 'deny' },
  });
}
