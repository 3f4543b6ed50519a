import type { FastifyRequest } from 'fastify';

import { OPERATOR_SCOPE, OPERATOR_SUBJECT } from '../../tokens/operator-token.js';
import { Problem } from '../problems/problem.js';
import { type Caller, callerOf } from './caller.js';

/** Whether a token has the scope `operator`. */
export function isOperator({ scope }: Pick<Caller, 'scope'>): boolean {
  return scope?.split(' ').includes(OPERATOR_SCOPE) ?? false;
}

/** A hook that lets only tokens with the scope `operator` pass. */
export async function requireOperator(request: FastifyRequest): Promise<void> {
  if (!isOperator(callerOf(request))) throw new Problem('operator-required');
}

/** A hook for what only people do: an operator's token belongs to none. */
export async function requirePerson(request: FastifyRequest): Promise<void> {
  if (callerOf(request).userId.startsWith(OPERATOR_SUBJECT)) throw new Problem('person-required');
}
