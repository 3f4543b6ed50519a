import { type CommandContext, derivedId } from '../commands/command-context.js';
import type { Corrections } from '../commands/corrections.js';
import type { EmailToCompose, EmailToSend, InvitationEmails } from '../commands/invitation-emails.js';
import type { RenewalRequest, RenewalRequests } from '../commands/renewal-requests.js';
import type { Workspaces } from '../commands/workspaces.js';
import type { MailPace, MailSlot } from '../database/mail-pace.js';
import type { IssueOfInvitation, MailContent } from '../domain/membership/events.js';
import type { Logger } from '../logger.js';
import type { Circuit } from '../mail/circuit.js';
import type { Mail, MailOutcome } from '../mail/mailer.js';
import { type Cause, type Job, type JobName, type JobPayloads, sendInvitation, sendSignInLink } from './jobs.js';
import { nextAttemptAt, type Pauses } from './retry.js';

/** The mail of an invitation as it goes out, and what is recorded of it. */
export type InvitationMail = Pick<Mail, 'to' | 'subject' | 'html' | 'text' | 'replyTo' | 'list'> & {
  readonly content: MailContent;
};

/** Makes and sends the mails themselves. */
export interface Mails {
  composeInvitation(email: EmailToCompose): InvitationMail;
  invitation(email: EmailToSend<InvitationMail>): Promise<MailOutcome>;
  /** @param requestId names the request, so that a mail sent twice has the same `Message-ID` */
  renewalRequest(request: RenewalRequest, requestId: string): Promise<MailOutcome>;
  signIn(link: JobPayloads['send-sign-in-link']): Promise<MailOutcome>;
  /** The `Message-ID` of an issue's mail: the same however often it is tried. */
  messageIdOf(link: IssueOfInvitation): string;
}

export interface TaskDependencies {
  readonly emails: InvitationEmails;
  readonly corrections: Corrections;
  readonly renewalRequests: RenewalRequests;
  readonly workspaces: Workspaces;
  readonly mails: Mails;
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
  /** Forgets what nobody can ask for any more. */
  readonly housekeeping: () => Promise<void>;
}

export type MailKind = 'invitation' | 'renewal-request' | 'sign-in';

export interface MailObserver {
  /** A mail is handed to the mail server, for the first time or again. */
  mailAttempted(kind: MailKind): void;
  mail(kind: MailKind, outcome: MailOutcome['outcome'] | 'suppressed'): void;
  /** A mail has to wait without an attempt: the mail server cannot be used, or its rate is used up. */
  mailPutOff(kind: MailKind, reason: 'circuit' | 'rate'): void;
}

export type Tasks = { readonly [Name in JobName]: (payload: JobPayloads[Name]) => Promise<void> } & {
  /** What has to be done every hour, called for by the clock and by no event. */
  readonly housekeeping: () => Promise<void>;
};

/** What a mail fails with that the mail server never had a say on. */
const OUT_OF_REACH = 'the mail server could not be used for a day';

/** What each job does. All may run twice: a crash after the work and before the queue knows of it repeats the job. */
export function createTasks(dependencies: TaskDependencies): Tasks {
  const { emails, corrections, renewalRequests, workspaces, mails, now, logger, observer, housekeeping } = dependencies;
  const { circuit, pace, putOff, pauses } = dependencies;
  return {
    housekeeping,

    async 'send-invitation'(job) {
      const { invitationId, issue, attempt, giveUpAt, slot, ...cause } = job;
      const link = { invitationId, issue };
      const isOver = giveUpAt !== undefined && giveUpAt <= now().toISOString();
      const notBefore = circuit.waitUntil();
      if (notBefore && isOver) {
        const giving = context(['give-up', invitationId, issue, attempt], cause);
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
      const suppressing = await emails.suppress(link, context(['suppress', invitationId, issue], cause));
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
        context(['begin', invitationId, issue, attempt], cause),
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
        context(['record', invitationId, issue, attempt], cause),
      );
      if (recorded) observer.mail('invitation', recorded);
    },

    async 'expire-invitation'({ invitationId, issue, expiresAt, ...cause }) {
      const expiring = context(['expire', invitationId, issue], cause);
      // The queue goes by the database's clock: where ours is behind, the job's own word counts.
      const at = expiring.now > expiresAt ? expiring.now : expiresAt;
      await emails.expire({ invitationId, issue }, { ...expiring, now: at });
    },

    async 'settle-ownership'({ workspaceId, heirId, ownerId, ...cause }) {
      for (const userId of [heirId, ownerId]) {
        await workspaces.settleOwnership(workspaceId, userId, context(['settle', cause.causationId, userId], cause));
      }
    },

    async 'finish-correction'({ invitationId, causationId }) {
      await corrections.finish(invitationId, causationId, now().toISOString());
    },

    async 'send-renewal-request'({ causationId, correlationId: _correlationId, ...request }) {
      const found = await renewalRequests.find(request);
      if (!found) return;
      observer.mailAttempted('renewal-request');
      const { outcome, reply } = await mails.renewalRequest(found, causationId);
      observer.mail('renewal-request', outcome);
      // As with sign-in mails, its fate is in no users tab. Whoever holds the link can ask again a day later.
      if (outcome === 'deferred')
        throw new Error(`the mail server cannot take the request for a new link now: ${reply}`);
      if (outcome === 'failed') logger.warn({ causationId, reply }, 'a request for a new link was refused for good');
    },

    async 'send-sign-in-link'(link) {
      const notBefore = circuit.waitUntil();
      if (notBefore) {
        observer.mailPutOff('sign-in', 'circuit');
        await putOff(sendSignInLink(link, notBefore.toISOString()));
        return;
      }
      // Somebody waits for it: it counts in the rate, and goes first.
      await pace.count(domainOf(link.email));
      observer.mailAttempted('sign-in');
      const { outcome, reply } = await mails.signIn(link);
      observer.mail('sign-in', outcome);
      // Nobody sees a sign-in mail's fate in a users tab: the queue tries again, and whoever waits asks for another.
      if (outcome === 'deferred') throw new Error(`the mail server cannot take the sign-in mail now: ${reply}`);
      if (outcome === 'failed') logger.warn({ tokenId: link.tokenId, reply }, 'a sign-in mail was refused for good');
    },
  };

  function context(command: readonly (string | number)[], cause: Cause): CommandContext {
    return {
      commandId: derivedId(...command),
      ...cause,
      actor: { type: 'service', id: 'reactor' },
      now: now().toISOString(),
    };
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
