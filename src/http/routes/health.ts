import { Type } from '@fastify/type-provider-typebox';

import type { HttpDependencies } from '../dependencies.js';
import type { TypedApp } from '../typed-app.js';

const Checks = Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), detail: Type.Optional(Type.String()) }), {
  description: 'What each part says.',
});
const Readiness = Type.Object({ ready: Type.Boolean(), checks: Checks });

/** For whatever runs the service: whether it lives, whether it can serve, and how it is doing. */
export function healthRoutes(app: TypedApp, { health, metrics }: Pick<HttpDependencies, 'health' | 'metrics'>): void {
  app.get(
    '/health/live',
    {
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

  app.get(
    '/metrics',
    {
      schema: {
        tags: ['Health'],
        operationId: 'metrics',
        summary: 'Metrics in the text format of Prometheus',
        produces: ['text/plain'],
        response: { 200: Type.String() },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}
