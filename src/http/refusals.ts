import type { FastifyError, FastifyRequest } from 'fastify';

import { REFUSED_FOR, type RefusedFor } from '../domain/refusal/events.js';
import { parseInvitationId } from '../domain/streams.js';
import type { HttpDependencies } from './dependencies.js';
import { problemOf } from './problems/from-error.js';
import { sendProblem } from './problems/handlers.js';
import { callerContext } from './requests/command-context.js';
import type { TypedApp } from './typed-app.js';

/**
 * Records what people of a workspace asked for without the right to: it is part of the workspace's history. A refusal that cannot be
 * recorded is answered with why, so that nothing is refused in silence.
 */
export function recordRefusals(app: TypedApp, { refusals, now, config }: HttpDependencies): void {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const failure = await recorded(error, request).catch((reason: unknown) => reason);
    return sendProblem(failure, request, reply, config.publicUrl);
  });

  async function recorded(error: unknown, request: FastifyRequest): Promise<unknown> {
    const reason = REFUSED_FOR.find((code): code is RefusedFor => code === problemOf(error).code);
    const { workspaceId, userId, invitationId } = request.params as Readonly<Record<string, string>>;
    const operation = request.routeOptions.schema && operationOf(request.routeOptions.schema);
    if (!reason || !workspaceId || !operation || !request.caller) return error;
    const subjectId = userId ?? (invitationId && parseInvitationId(invitationId)?.userId);
    await refusals.record(
      workspaceId,
      request.caller.userId,
      { operation, reason, ...(subjectId ? { subjectId } : {}) },
      callerContext(request, now()),
    );
    return error;
  }
}

const operationOf = (schema: object): string | undefined => (schema as { operationId?: string }).operationId;
