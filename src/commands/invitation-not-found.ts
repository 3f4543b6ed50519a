import { DomainError } from '../domain/domain-error.js';

/** Of an id that names no invitation, or none of this workspace or person. */
export function invitationNotFound(): DomainError {
  return new DomainError('invitation-not-found', 'There is no such invitation.');
}
