/** Why a command was refused. The codes are part of the public interface and never change their meaning. */
export type DomainErrorCode =
  | 'workspace-not-found'
  | 'user-not-found'
  | 'invitation-not-found'
  | 'not-allowed'
  | 'already-invited'
  | 'already-member'
  | 'same-address'
  | 'renewal-not-needed'
  | 'invitation-not-open'
  | 'invitation-expired'
  | 'invitation-superseded'
  | 'invitation-revoked'
  | 'invitation-declined'
  | 'invitation-already-accepted'
  | 'inviter-not-allowed'
  | 'wrong-account'
  | 'not-active'
  | 'owner-required'
  | 'invalid-lifetime'
  | 'invalid-name'
  | 'invalid-colour'
  | 'invalid-logo';

/** A command that the rules forbid. `message` is a sentence for a person that says what to do. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: DomainErrorCode,
    message: string,
  ) {
    super(message);
  }
}
