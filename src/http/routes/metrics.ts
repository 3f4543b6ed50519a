import { Type } from '@fastify/type-provider-typebox';

import type { HttpDependencies } from '../dependencies.js';
import type { TypedApp } from '../typed-app.js';

/** For whoever watches the service: how it is doing. */
export function metricsRoute(app: TypedApp, { metrics }: Pick<HttpDependencies, 'metrics'>): void {
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
