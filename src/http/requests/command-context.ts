import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

import type { CommandContext, EventActor } from '../../commands/command-context.js';
import { callerOf } from '../authentication/caller.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What this request is to the log; the same when it is sent again with its idempotency key. Empty until needed. */
    commandId: string;
    /** Whether an earlier attempt at this request was cut off. */
    isRepeat: boolean;
  }
}

const LONGEST_USER_AGENT = 256;

/** The id of the command that a request is; ids of what the request makes derive from it. */
export function commandIdOf(request: FastifyRequest): string {
  request.commandId ||= randomUUID();
  return request.commandId;
}

/** Where a request comes from, for the metadata of every event that it leads to. */
export function commandContext(request: FastifyRequest, actor: EventActor, now: Date): CommandContext {
  const userAgent = request.headers['user-agent'];
  return {
    commandId: commandIdOf(request),
    correlationId: String(request.id),
    ...(request.isRepeat ? { isRepeat: true } : {}),
    actor,
    now: now.toISOString(),
    ip: request.ip,
    ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, LONGEST_USER_AGENT) }),
  };
}

/** The same, of somebody who is signed in. */
export function callerContext(request: FastifyRequest, now: Date): CommandContext {
  return commandContext(request, { type: 'user', id: callerOf(request).userId }, now);
}
