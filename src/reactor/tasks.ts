import { setMaxListeners } from 'node:events';

import type { CommandContext } from '../commands/command-context.js';
import type { Corrections } from '../commands/corrections.js';
import type { Digest, Digests } from '../commands/digests.js';
import type { RenewalRequest, RenewalRequests } from '../commands/renewal-requests.js';
import type { Suppressions } from '../commands/suppressions.js';
import type { Workspaces } from '../commands/workspaces.js';
import { parseInvitationId } from '../domain/streams.js';
import type { MailOutcome } from '../mail/mailer.js';
import type { DigestEntries } from './digest-entries.js';
import { type Cause, type JobName, type JobPayloads, sendDigest, sendRenewalRequest, sendSignInLink } from './jobs.js';
import { domainOf, type IssueMailing, type IssueMails, mailIssue } from './mail-issue.js';
import { reactorContext } from './reactor-context.js';
import { record } from './record-outcome.js';
import { sendNotice } from './send-notice.js';

/** Makes and sends the mails themselves. */
export interface Mails extends IssueMails {
  /** @param requestId names the request, so that a mail sent twice has the same `Message-ID` */
  renewalRequest(request: RenewalRequest, requestId: string): Promise<MailOutcome>;
  /** @param digestId names it, so that it has the same `Message-ID` however often it is sent */
  digest(digest: Digest, digestId: string): Promise<MailOutcome>;
  signIn(link: JobPayloads['send-sign-in-link']): Promise<MailOutcome>;
}

export interface TaskDependencies extends IssueMailing {
  readonly suppressions: Pick<Suppressions, 'of' | 'suppress'>;
  readonly corrections: Corrections;
  readonly renewalRequests: RenewalRequests;
  readonly digests: Digests;
  readonly digestEntries: DigestEntries;
  readonly workspaces: Workspaces;
  readonly mails: Mails;
  /** Forgets what nobody can ask for any more. */
  readonly housekeeping: () => Promise<void>;
}

export type Tasks = { readonly [Name in JobName]: (payload: JobPayloads[Name]) => Promise<void> } & {
  /** What has to be done every hour, called for by the clock and by no event. */
  readonly housekeeping: () => Promise<void>;
};

/** What each job does. All may run twice: a crash after the work and before the queue knows of it repeats the job. */
export function createTasks(dependencies: TaskDependencies): Tasks {
  const { emails, corrections, renewalRequests, workspaces, mails, now, logger, observer, housekeeping } = dependencies;
  const { digests, digestEntries, circuit, pace, putOff, stopping } = dependencies;
  // Each mail whose outcome is being recorded listens: Node would take more than ten for a leak, and say so.
  setMaxListeners(0, stopping);
  return {
    housekeeping,

    'send-invitation': (job) => mailIssue(dependencies, { kind: 'invitation', job }),

    'send-reminder': (job) => mailIssue(dependencies, { kind: 'reminder', job }),

    'record-outcome': (said) => record(dependencies, said),

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

    async 'suppress-address'({ invitationId, reply, enhancedCode, ...cause }) {
      const { userId } = parseInvitationId(invitationId) ?? {};
      if (userId === undefined) return;
      const suppressing = context(['suppress-address', cause.causationId], cause);
      await dependencies.suppressions.suppress(userId, { reply, enhancedCode }, suppressing);
    },

    async 'finish-correction'({ invitationId, causationId }) {
      await corrections.finish(invitationId, causationId, now().toISOString());
    },

    async 'send-renewal-request'(job) {
      const { tried, slot, ...request } = job;
      const found = await renewalRequests.find(request);
      if (!found) return;
      const { workspaceId, invitation, recipient } = found;
      const { causationId: eventId, requestedAt: at } = request;
      const userId = parseInvitationId(invitation.id)?.userId ?? '';
      if (!(await digestEntries.claimRenewalMail(workspaceId, recipient.userId, eventId))) {
        await digestEntries.note({ eventId, workspaceId, inviterId: recipient.userId, userId, kind: 'renewal', at });
        return;
      }
      await sendNotice(dependencies, {
        kind: 'renewal-request',
        to: recipient,
        id: eventId,
        tries: { ...(tried && { tried }), ...(slot && { slot }) },
        again: (tries, runAt) => sendRenewalRequest({ ...request, ...tries }, runAt),
        send: () => mails.renewalRequest(found, eventId),
      });
    },

    async 'note-result'({ invitationId, kind, causationId }) {
      const entry = await digests.entryFor(invitationId, kind, causationId);
      if (entry) await digestEntries.note(entry);
    },

    async 'gather-digest'({ workspaceId, inviterId }) {
      await digestEntries.gather(workspaceId, inviterId);
    },

    async 'send-digest'({ tried, slot, ...job }) {
      const { workspaceId, inviterId, digestId } = job;
      const digest = await digests.compose(workspaceId, inviterId, await digestEntries.of(digestId));
      const outcome =
        digest &&
        (await sendNotice(dependencies, {
          kind: 'digest',
          to: digest.recipient,
          id: digestId,
          tries: { ...(tried && { tried }), ...(slot && { slot }) },
          again: (tries, runAt) => sendDigest({ ...job, ...tries }, runAt),
          send: () => mails.digest(digest, digestId),
        }));
      if (outcome !== 'waits') await digestEntries.drop(digestId);
    },

    async 'send-sign-in-link'(link) {
      const notBefore = circuit.waitUntil();
      if (notBefore) {
        observer.mailPutOff('sign-in', 'circuit');
        await putOff(sendSignInLink(link, notBefore.toISOString()));
        return;
      }
      // Anybody can ask for it, in anybody's name: whoever calls our mails spam gets none that they may not have asked for.
      if (link.userId !== undefined && (await emails.wasComplainedOf(link.userId))) {
        observer.mail('sign-in', 'suppressed');
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
    return reactorContext(command, cause, now().toISOString());
  }
}
