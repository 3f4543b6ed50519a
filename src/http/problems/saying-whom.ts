import { DomainError } from '../../domain/domain-error.js';
import { Problem } from './problem.js';

/** Whoever is invited already can be found in the users tab by the id that comes with the refusal. */
export function sayingWhom(error: unknown, userId: string): unknown {
  if (!(error instanceof DomainError)) return error;
  if (error.code !== 'already-invited' && error.code !== 'already-member') return error;
  return new Problem(error.code, error.message, { members: { userId }, cause: error });
}
