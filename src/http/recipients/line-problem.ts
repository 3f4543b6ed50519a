import { type AllowanceLimit, Throttled } from '../../commands/allowance.js';
import { type DomainError, TooSoon } from '../../domain/domain-error.js';

/** Why one of many was refused, as its line says it. */
export function lineProblem(error: DomainError): {
  readonly code: string;
  readonly detail: string;
  readonly possibleAt?: string;
  readonly limit?: AllowanceLimit;
} {
  return {
    code: error.code,
    detail: error.message,
    ...(error instanceof TooSoon ? { possibleAt: error.possibleAt } : {}),
    ...(error instanceof Throttled ? { limit: error.limit } : {}),
  };
}
