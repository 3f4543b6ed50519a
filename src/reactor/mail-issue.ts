import type { CommandContext } from '../commands/command-context.js';
import type { EmailToCompose, EmailToSend, InvitationEmails } from '../commands/invitation-emails.js';
import type { MailPace, MailSlot } from '../database/mail-pace.js';
import type { MailContent, MailOfIssue } from '../domain/membership/events.js';
import type { Circuit } from '../mail/circuit.js';
import type { Mail, MailOutcome } from '../mail/mailer.js';
import { type Job, type JobPayloads, sendInvitation, sendReminder } from './jobs.js';
import { reactorContext } from './reactor-context.js';
import { type OutcomeRecording, recordSurely } from './record-outcome.js';
import { nextAttemptAt, type Pauses } from './retry.js';

/** The mail of an invitation as it goes out, and what is recorded of it. */
export type InvitationMail = Pick<Mail, 'to' | 'subject' | 'html' | 'text' | 'replyTo' | 'list'> & {
  readonly content: MailContent;
};

/** Makes and sends the mails of an invitation. */
export interface IssueMails {
  composeInvitation(email: EmailToCompose): InvitationMail;
  invitation(email: EmailToSend<InvitationMail>): Promise<MailOutcome>;
  /** The `Message-ID` of a mail: the same however often it is tried. */
  messageIdOf(mail: MailOfIssue): string;
}

/** What sending a mail of an issue takes. */
export interface IssueMailing extends OutcomeRecording {
  readonly emails: InvitationEmails;
  readonly mails: IssueMails;
  readonly now: () => Date;
  /** Says whether mails are to be kept from the mail server for now. */
  readonly circuit: Pick<Circuit, 'waitUntil'>;
  readonly pace: Pick<MailPace, 'wait' | 'count'>;
  /** Between the attempts at a mail; `PAUSES` where they are absent. */
  readonly pauses?: Pauses;
}

/** What a mail fails with that the mail server never had a say on. */
const OUT_OF_REACH = 'the mail server could not be used for a day';

/** What mailing the invitation itself and mailing its reminder differ in. */
type IssueJob =
  | { readonly kind: 'invitation'; readonly job: JobPayloads['send-invitation'] }
  | { readonly kind: 'reminder'; readonly job: JobPayloads['send-reminder'] };

/** Sends a mail of an issue, or puts it off, or leaves it where there is nothing to send any more. */
export async function mailIssue(mailing: IssueMailing, { kind, job }: IssueJob): Promise<void> {
  const { emails, mails, now, logger, observer, circuit, pace, putOff, pauses } = mailing;
  const { invitationId, issue, attempt, giveUpAt, slot, causationId, correlationId } = job;
  const link: MailOfIssue = { invitationId, issue, ...(kind === 'reminder' && { mail: kind }) };
  const context = (command: string, which: number | string): CommandContext =>
    reactorContext([command, invitationId, issue, which], { causationId, correlationId }, now().toISOString());

  const isOver = giveUpAt !== undefined && giveUpAt <= now().toISOString();
  const notBefore = circuit.waitUntil();
  if (notBefore && isOver && attempt !== undefined) {
    const giving = context('give-up', attempt);
    if (await emails.giveUp({ ...link, attempt: attempt - 1, reply: OUT_OF_REACH }, giving)) {
      observer.mail(kind, 'failed');
    }
    return;
  }
  if (notBefore) {
    observer.mailPutOff(kind, 'circuit');
    await putOff(again(notBefore.toISOString()));
    return;
  }
  const suppressing = await emails.suppress(link, context('suppress', kind));
  if (suppressing === 'suppressed') observer.mail(kind, 'suppressed');
  if (suppressing !== 'free') return;
  let next: MailSlot | undefined;
  const begun = await emails.begin(
    link,
    mails.messageIdOf(link),
    async (email) => {
      next = await pace.wait(domainOf(email.invitation.email), slot);
      return next ? undefined : mails.composeInvitation(email);
    },
    context('begin', attempt ?? kind),
  );
  if (next) {
    observer.mailPutOff(kind, 'rate');
    await putOff(again(next.at, next));
    return;
  }
  // Whoever took the job up again after a later attempt had begun must not send that one too.
  if (!begun || begun.attempt.attempt !== (attempt ?? begun.attempt.reminderFrom)) {
    logger.debug({ kind, invitationId, issue, attempt }, 'nothing to send any more');
    return;
  }
  const { attempt: number, since } = begun.attempt;
  observer.mailAttempted(kind);
  const said = await mails.invitation(begun);
  const retry = nextAttemptAt(number + 1, since, now(), pauses && { pauses });
  const outcome = { ...link, attempt: number, ...said, ...(said.outcome === 'deferred' && { nextAttemptAt: retry }) };
  await recordSurely(mailing, { ...outcome, saidAt: now().toISOString(), causationId, correlationId }, again().key);

  function again(runAt?: string, slot?: MailSlot): Job {
    const waiting = slot && { slot };
    return kind === 'reminder'
      ? sendReminder({ ...job, ...waiting }, runAt)
      : sendInvitation({ ...job, ...waiting }, runAt);
  }
}

/** What the rates of mails go by. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
