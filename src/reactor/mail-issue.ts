import type { CommandContext } from '../commands/command-context.js';
import type { EmailToCompose, EmailToSend, InvitationEmails } from '../commands/invitation-emails.js';
import type { MailPace, MailSlot } from '../database/mail-pace.js';
import type { IssueOfInvitation, MailContent } from '../domain/membership/events.js';
import type { Logger } from '../logger.js';
import type { Circuit } from '../mail/circuit.js';
import type { Mail, MailOutcome } from '../mail/mailer.js';
import { type Job, type JobPayloads, sendInvitation } from './jobs.js';
import type { MailObserver } from './mail-observer.js';
import { reactorContext } from './reactor-context.js';
import { nextAttemptAt, type Pauses } from './retry.js';

/** The mail of an invitation as it goes out, and what is recorded of it. */
export type InvitationMail = Pick<Mail, 'to' | 'subject' | 'html' | 'text' | 'replyTo' | 'list'> & {
  readonly content: MailContent;
};

/** Makes and sends the mails of an invitation. */
export interface IssueMails {
  composeInvitation(email: EmailToCompose): InvitationMail;
  invitation(email: EmailToSend<InvitationMail>): Promise<MailOutcome>;
  /** The `Message-ID` of an issue's mail: the same however often it is tried. */
  messageIdOf(link: IssueOfInvitation): string;
}

/** What mailing an issue takes. */
export interface IssueMailing {
  readonly emails: InvitationEmails;
  readonly mails: IssueMails;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly observer: MailObserver;
  /** Says whether mails are to be kept from the mail server for now. */
  readonly circuit: Pick<Circuit, 'waitUntil'>;
  readonly pace: Pick<MailPace, 'wait' | 'count'>;
  /** Puts a mail into the queue again, to be looked at later. */
  readonly putOff: (job: Job) => Promise<void>;
  /** Between the attempts at a mail; `PAUSES` where they are absent. */
  readonly pauses?: Pauses;
}

/** What a mail fails with that the mail server never had a say on. */
const OUT_OF_REACH = 'the mail server could not be used for a day';

/** Sends the mail of an issue, or puts it off, or leaves it where there is nothing to send any more. */
export async function mailIssue(mailing: IssueMailing, job: JobPayloads['send-invitation']): Promise<void> {
  const { emails, mails, now, logger, observer, circuit, pace, putOff, pauses } = mailing;
  const { invitationId, issue, attempt, giveUpAt, slot, ...cause } = job;
  const link = { invitationId, issue };
  const context = (...command: readonly (string | number)[]): CommandContext =>
    reactorContext(command, cause, now().toISOString());

  const isOver = giveUpAt !== undefined && giveUpAt <= now().toISOString();
  const notBefore = circuit.waitUntil();
  if (notBefore && isOver) {
    const giving = context('give-up', invitationId, issue, attempt);
    if (await emails.giveUp({ ...link, attempt: attempt - 1, reply: OUT_OF_REACH }, giving)) {
      observer.mail('invitation', 'failed');
    }
    return;
  }
  if (notBefore) {
    observer.mailPutOff('invitation', 'circuit');
    await putOff(sendInvitation(job, notBefore.toISOString()));
    return;
  }
  const suppressing = await emails.suppress(link, context('suppress', invitationId, issue));
  if (suppressing === 'suppressed') observer.mail('invitation', 'suppressed');
  if (suppressing !== 'free') return;
  let next: MailSlot | undefined;
  const begun = await emails.begin(
    link,
    mails.messageIdOf(link),
    async (email) => {
      next = await pace.wait(domainOf(email.invitation.email), slot);
      return next ? undefined : mails.composeInvitation(email);
    },
    context('begin', invitationId, issue, attempt),
  );
  if (next) {
    observer.mailPutOff('invitation', 'rate');
    await putOff(sendInvitation({ ...job, slot: next }, next.at));
    return;
  }
  if (begun?.attempt.attempt !== attempt) {
    logger.debug({ invitationId, issue, attempt }, 'nothing to send any more');
    return;
  }
  observer.mailAttempted('invitation');
  const said = await mails.invitation(begun);
  const retry = nextAttemptAt(attempt + 1, begun.attempt.since, now(), pauses && { pauses });
  const recorded = await emails.record(
    { ...link, attempt, ...said, ...(said.outcome === 'deferred' ? { nextAttemptAt: retry } : {}) },
    context('record', invitationId, issue, attempt),
  );
  if (recorded) observer.mail('invitation', recorded);
}

/** What the rates of mails go by. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
