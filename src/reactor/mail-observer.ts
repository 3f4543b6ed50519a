import type { MailOutcome } from '../mail/mailer.js';

export type MailKind = 'invitation' | 'reminder' | 'renewal-request' | 'digest' | 'sign-in';

/** Told of mails, for the metrics. */
export interface MailObserver {
  /** A mail is handed to the mail server, for the first time or again. */
  mailAttempted(kind: MailKind): void;
  mail(kind: MailKind, outcome: MailOutcome['outcome'] | 'suppressed'): void;
  /** A mail has to wait without an attempt: the mail server cannot be used, or its rate is used up. */
  mailPutOff(kind: MailKind, reason: 'circuit' | 'rate'): void;
}
