import type { FastifyReply, FastifyRequest } from 'fastify';

import { type Position, START } from '../../event-store/event-store.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';

/** Says where the outcome of a command stands in the log: a query that asks for this position sees it. */
export function tellPosition(reply: FastifyReply, position: Position): void {
  if (position !== START) reply.header('event-position', position);
}

/**
 * Waits until a projection shows what `Min-Event-Position` asks for, for a bounded time.
 *
 * Too far behind is answered with 409 and not 504: the position is a condition that the client sets, at will, so it must
 * not look like a failing server to whoever watches for those.
 *
 * @throws Problem `projection-behind`
 */
export async function awaitPosition(
  request: FastifyRequest,
  projection: 'users-tab' | 'user-history' | 'workspaces' | 'audit-history',
  { positions, config }: Pick<HttpDependencies, 'positions' | 'config'>,
): Promise<void> {
  const position = request.headers['min-event-position'];
  if (typeof position !== 'string') return;
  if (!(await positions.wait(projection, position, config.positionTimeout))) throw new Problem('projection-behind');
}
