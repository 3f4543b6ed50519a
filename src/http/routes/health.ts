import { Type } from '@fastify/type-provider-typebox';

import type { HttpDependencies } from '../dependencies.js';
import type { TypedApp } from '../typed-app.js';

const Checks = Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), detail: Type.Optional(Type.String()) }), {
  description: 'What each part says.',
});
const Readiness = Type.Object({ ready: Type.Boolean(), checks: Checks });

/**
 * For whatever runs the service: whether it lives, and whether it can serve. No limit counts these: a 429 would be taken
 * for a process that cannot serve, and it would be ended for what its clients do.
 */
export function healthRoutes(app: TypedApp, { health }: Pick<HttpDependencies, 'health'>): void {
  app.get(
    '/health/live',
    {
      config: { isUnlimited: true },
      schema: {
        tags: ['Health'],
        operationId: 'live',
        summary: 'The process answers',
        response: { 200: Type.Object({ status: Type.Literal('live') }) },
      },
    },
    () => ({ status: 'live' as const }),
  );

  app.get(
    '/health/ready',
    {
      config: { isUnlimited: true },
      schema: {
        tags: ['Health'],
        operationId: 'ready',
        summary: 'Requests can be served',
        description: 'Migrated, caught up, and the stores can be reached.',
        response: { 200: Readiness, 503: { ...Readiness, description: 'Not now; the checks say why.' } },
      },
    },
    async (_request, reply) => {
      const standing = await health.ready();
      return reply.code(standing.ready ? 200 : 503).send(standing);
    },
  );
}
