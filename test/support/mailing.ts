import { fileURLToPath } from 'node:url';

import type { Core } from '../../src/core.js';
import { MailPace, type MailRates } from '../../src/database/mail-pace.js';
import { createMailer, type Mailer, type MailerOptions } from '../../src/mail/mailer.js';
import { loadTemplates } from '../../src/mail/render.js';
import { DigestEntries } from '../../src/reactor/digest-entries.js';
import { enqueueNow } from '../../src/reactor/jobs.js';
import { createMails } from '../../src/reactor/mails.js';
import type { Pauses } from '../../src/reactor/retry.js';
import { createTasks, type Mails, type Tasks } from '../../src/reactor/tasks.js';
import { Worker } from '../../src/reactor/worker.js';
import { silent } from './silent-logger.js';

const TEMPLATES = fileURLToPath(new URL('../../templates/compiled/', import.meta.url));

export interface MailingOptions extends Partial<Pick<MailerOptions, 'silence' | 'patience' | 'circuit'>> {
  readonly smtpUrl: string;
  readonly pauses?: Pauses;
  readonly rates?: MailRates;
  readonly concurrency?: number;
  /** The sender of the envelope, with `{attempt}`; that of the mail where it is absent. */
  readonly returnPath?: string;
}

/** The part of the service that mails, composed for itself. */
export interface Mailing {
  readonly mailer: Mailer;
  readonly mails: Mails;
  readonly tasks: Tasks;
  /** How often each thing happened that the service's metrics count too, as `mail invitation sent`; asking costs nothing. */
  readonly counts: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Starts a worker that mails. */
export async function startMailing(core: Core, options: MailingOptions): Promise<Mailing> {
  const {
    emails,
    corrections,
    renewalRequests,
    suppressions,
    digests,
    workspaces,
    invitationTokens,
    signInTokens,
    unsubscribeTokens,
    attemptProofs,
    now,
    pool,
    liveness,
    metrics,
  } = core;
  const { smtpUrl, pauses, rates = {}, concurrency = 4, returnPath, ...mailerOptions } = options;
  const from = 'Invitations <invitations@example.com>';
  const mailer = createMailer({ smtpUrl, from, logger: silent, connections: concurrency, ...mailerOptions });
  const mails = createMails({
    mailer,
    templates: await loadTemplates(TEMPLATES),
    invitationTokens,
    signInTokens,
    unsubscribeTokens,
    attemptProofs,
    publicUrl: 'https://invitations.example.com',
    senderDomain: 'example.com',
    defaultLocale: 'en',
    logoHosts: [],
    ...(returnPath === undefined ? {} : { returnPath }),
    now,
  });
  const counts = new Map<string, number>();
  const count = (...what: string[]) => counts.set(what.join(' '), (counts.get(what.join(' ')) ?? 0) + 1);
  const stopping = new AbortController();
  const tasks = createTasks({
    emails,
    corrections,
    renewalRequests,
    suppressions,
    digests,
    digestEntries: new DigestEntries(core.db, 3_600),
    workspaces,
    mails,
    now,
    logger: silent,
    observer: {
      mailAttempted(kind) {
        metrics.mailAttempted(kind);
        count('attempted', kind);
      },
      mail(kind, outcome) {
        metrics.mail(kind, outcome);
        count('mail', kind, outcome);
      },
      mailPutOff(kind, reason) {
        metrics.mailPutOff(kind, reason);
        count('put off', kind, reason);
      },
    },
    circuit: mailer.circuit,
    pace: new MailPace(pool, rates),
    putOff: (job) => enqueueNow(pool, job),
    stopping: stopping.signal,
    ...(pauses ? { pauses } : {}),
    housekeeping: async () => {},
  });
  const worker = new Worker({ pool, liveness, tasks, logger: silent, concurrency });
  await worker.start();
  let stopped: Promise<void> | undefined;
  return {
    mailer,
    mails,
    tasks,
    counts,
    stop() {
      stopping.abort();
      stopped ??= worker.stop().then(() => mailer.close());
      return stopped;
    },
  };
}
