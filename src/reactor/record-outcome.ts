import type { InvitationEmails } from '../commands/invitation-emails.js';
import type { Logger } from '../logger.js';
import { type Job, type JobPayloads, recordOutcome } from './jobs.js';
import type { MailObserver } from './mail-observer.js';
import { reactorContext } from './reactor-context.js';
import { untilStored } from './until-stored.js';

/** What recording takes. */
export interface OutcomeRecording {
  readonly emails: Pick<InvitationEmails, 'record'>;
  readonly logger: Logger;
  readonly observer: MailObserver;
  /** Puts a job into the queue. */
  readonly putOff: (job: Job) => Promise<void>;
  /** The process is to stop: nothing is waited for any more. */
  readonly stopping: AbortSignal;
}

/** Records what became of an attempt. Recorded again, it changes nothing. */
export async function record(
  { emails, observer }: OutcomeRecording,
  said: JobPayloads['record-outcome'],
): Promise<void> {
  const { causationId, correlationId, saidAt, ...outcome } = said;
  const { invitationId, issue, attempt, mail } = outcome;
  const context = reactorContext(['record', invitationId, issue, attempt], { causationId, correlationId }, saidAt);
  const recorded = await emails.record(outcome, context);
  if (recorded) observer.mail(mail ?? 'invitation', recorded);
}

/**
 * Records what has just become of an attempt, so that nobody makes it again. The queue keeps what the log does not take now.
 *
 * @param key of the job that made the attempt. Once the queue keeps what it came to, that job is not begun again, even if the process is
 *   killed the moment after
 */
export async function recordSurely(
  recording: OutcomeRecording,
  said: JobPayloads['record-outcome'],
  key: string,
): Promise<void> {
  const { invitationId, issue, attempt } = said;
  try {
    await untilStored([() => record(recording, said), () => recording.putOff(recordOutcome(said, key))], recording);
  } catch (error) {
    recording.logger.error(
      { invitationId, issue, attempt },
      'what a mail server said is lost: it is sent the mail again',
    );
    throw error;
  }
}
