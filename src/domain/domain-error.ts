/** Why a command was refused. The codes are part of the public interface and never change their meaning. */
export type DomainErrorCode =
  | 'workspace-not-found'
  | 'user-not-found'
  | 'invitation-not-found'
  | 'not-allowed'
  | 'already-invited'
  | 'already-member'
  | 'same-address'
  | 'resend-too-soon'
  | 'throttled'
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
  | 'invalid-reminders'
  | 'invalid-name'
  | 'invalid-domain'
  | 'domain-not-allowed'
  | 'invalid-colour'
  | 'invalid-logo';

/** A command that the rules forbid. `message` is a sentence for a person that says what to do. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  /** @param facts what the message says, for programs that put it in words of their own */
  constructor(
    readonly code: DomainErrorCode,
    message: string,
    readonly facts: Readonly<Record<string, string | readonly string[]>> = {},
  ) {
    super(message);
  }
}

/** A command that the rules forbid for the time being. */
export class TooSoon extends DomainError {
  /**
   * @param possibleAt when the very same command may be carried out (ISO 8601)
   * @param waitSeconds in how many seconds that is
   */
  constructor(
    code: DomainErrorCode,
    message: string,
    readonly possibleAt: string,
    readonly waitSeconds: number,
  ) {
    super(code, message);
  }
}
