import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Closing } from './closing.js';
import type { Config } from './config.js';
import type { Core } from './core.js';
import { purgeIdempotencyKeys } from './database/idempotency-keys.js';
import { MailPace, purgeMailPace } from './database/mail-pace.js';
import { purgeRedeemedTokens } from './database/redeemed-tokens.js';
import { purgeThrottles } from './database/throttles.js';
import { openImapMailbox } from './inbound/mailbox/imap-mailbox.js';
import { MailboxReader } from './inbound/mailbox/mailbox-reader.js';
import { POSTMARK_ATTEMPT_HEADER } from './inbound/webhooks/postmark.js';
import { createMailer, type Mailer } from './mail/mailer.js';
import { type Locale, loadTemplates, localeFor } from './mail/render.js';
import { type FollowerStatus, Following } from './projecting/follower.js';
import { waitToLead } from './projecting/leadership.js';
import type { PoisonEvent } from './projecting/poison-event.js';
import { projecting } from './projecting/project.js';
import { PROJECTIONS } from './projections.js';
import { DigestEntries } from './reactor/digest-entries.js';
import { enqueueNow } from './reactor/jobs.js';
import { createMails } from './reactor/mails.js';
import { reactor } from './reactor/reactor.js';
import { createTasks } from './reactor/tasks.js';
import { Worker } from './reactor/worker.js';
import { Upgrading } from './rebuilding/upgrading.js';

/** How long a worker that stops has for its jobs before the mailer takes no more mails, in milliseconds. */
const BEFORE_DRAINING = 1_000;

const TEMPLATES = fileURLToPath(new URL('../templates/compiled/', import.meta.url));

export interface WorkersOptions {
  readonly core: Core;
  readonly config: Pick<
    Config,
    | 'parts'
    | 'mailFrom'
    | 'mailReturnPath'
    | 'inbound'
    | 'mailbox'
    | 'defaultLocale'
    | 'workerConcurrency'
    | 'mailRate'
    | 'mailRatePerDomain'
    | 'logoHosts'
    | 'digestSeconds'
  >;
  readonly smtpUrl: string;
  readonly publicUrl: string;
  readonly closing: Closing;
}

/** The parts that nobody calls: projections, the reactor, and the worker that mails; as many of them as are asked for. */
export interface Workers {
  status(): FollowerStatus[];
  /** Why the last try to bring a projection to this release failed, as a code, where it did. */
  upgradeFailure(projection: string): string | undefined;
  /** Undefined where this process sends no mail. */
  readonly mailer?: Mailer;
  /** Undefined where this process reads no mailbox. */
  readonly mailboxReader?: MailboxReader;
}

export async function startWorkers({ core, config, smtpUrl, publicUrl, closing }: WorkersOptions): Promise<Workers> {
  const { databaseUrl: connectionString, followersDb: db, logger, metrics: observer, store } = core;
  const onParked = (error: PoisonEvent) =>
    logger.error(
      { projection: error.poison.projection, err: error },
      'an event cannot be projected: its stream is parked',
    );
  const followers = [
    ...(config.parts.has('projector') ? PROJECTIONS.map((projection) => projecting(projection, db, { onParked })) : []),
    ...(config.parts.has('reactor') ? [reactor(db)] : []),
  ].map((follower) => new Following(follower, { store, connectionString, logger, observer }));
  for (const following of followers) {
    following.start();
    closing.add('follower', () => following.stop());
  }
  const upgrading = config.parts.has('projector') ? startUpgrading(core, closing) : undefined;
  const mailer = config.parts.has('worker') ? await startMailing(core, config, smtpUrl, publicUrl, closing) : undefined;
  const mailboxReader = config.parts.has('worker') ? startMailboxReader(core, config, closing) : undefined;
  return {
    status: () => followers.map((following) => following.status()),
    upgradeFailure: (projection) => upgrading?.failureOf(projection),
    ...(mailer ? { mailer } : {}),
    ...(mailboxReader ? { mailboxReader } : {}),
  };
}

function startUpgrading({ building, logger, metrics }: Core, closing: Closing): Upgrading {
  const projections = PROJECTIONS.map(({ name }) => name);
  const upgrading = new Upgrading({ building, projections, logger });
  upgrading.start();
  closing.add('upgrading of projections', () => upgrading.stop());
  metrics.watchUpgrades(projections, (projection) => upgrading.failureOf(projection) !== undefined);
  return upgrading;
}

async function startMailing(
  core: Core,
  {
    mailFrom,
    mailReturnPath,
    inbound,
    defaultLocale,
    workerConcurrency: concurrency,
    mailRate,
    mailRatePerDomain,
    logoHosts,
    digestSeconds,
  }: WorkersOptions['config'],
  smtpUrl: string,
  publicUrl: string,
  closing: Closing,
): Promise<Mailer> {
  const {
    emails,
    corrections,
    renewalRequests,
    digests,
    suppressions,
    workspaces,
    invitationTokens,
    signInTokens,
    unsubscribeTokens,
    attemptProofs,
    logger,
    now,
    pool,
    liveness,
    metrics: observer,
  } = core;
  const attemptHeaders = [
    'X-Attempt-Id',
    ...(inbound.postmarkCredentials === undefined ? [] : [POSTMARK_ATTEMPT_HEADER]),
  ];
  const mailer = createMailer({ smtpUrl, from: mailFrom, logger, attemptHeaders, connections: concurrency });
  closing.add('mailer', () => mailer.close());
  observer.watchMailCircuit(() => mailer.circuit.standing);
  const usual: Locale = 'en';
  const mails = createMails({
    mailer,
    templates: await loadTemplates(TEMPLATES),
    invitationTokens,
    signInTokens,
    unsubscribeTokens,
    attemptProofs,
    publicUrl,
    senderDomain: /@([^>\s]+)/.exec(mailFrom)?.[1] ?? 'localhost.localdomain',
    defaultLocale: localeFor(defaultLocale, usual),
    ...(mailReturnPath === undefined ? {} : { returnPath: mailReturnPath }),
    logoHosts,
    now,
  });
  const digestEntries = new DigestEntries(core.db, digestSeconds);
  const stopping = new AbortController();
  const tasks = createTasks({
    emails,
    corrections,
    renewalRequests,
    digests,
    digestEntries,
    suppressions,
    workspaces,
    mails,
    now,
    logger,
    observer,
    circuit: mailer.circuit,
    pace: new MailPace(pool, {
      ...(mailRate === undefined ? {} : { perSecond: mailRate }),
      ...(mailRatePerDomain === undefined ? {} : { perDomain: mailRatePerDomain }),
    }),
    putOff: (job) => enqueueNow(pool, job),
    stopping: stopping.signal,
    housekeeping: async () => {
      await purgeIdempotencyKeys(pool);
      await purgeRedeemedTokens(pool);
      await purgeMailPace(pool);
      await digestEntries.purge();
      await purgeThrottles(pool);
    },
  });
  const worker = new Worker({ pool, liveness, tasks, logger, concurrency });
  await worker.start();
  closing.add('worker', async () => {
    stopping.abort();
    const stopped = worker.stop();
    // Mails that begin meanwhile are through by then; a server that keeps others waiting must not keep the process.
    await Promise.race([stopped, delay(BEFORE_DRAINING, undefined, { ref: false })]);
    await mailer.close();
    await stopped;
  });
  return mailer;
}

function startMailboxReader(
  { databaseUrl, deliveryReports, attemptProofs, now, logger, metrics }: Core,
  { mailbox }: WorkersOptions['config'],
  closing: Closing,
): MailboxReader | undefined {
  if (!mailbox) return undefined;
  const reader = new MailboxReader({
    open: (signal) => openImapMailbox(mailbox, signal),
    lead: (signal) => waitToLead(databaseUrl, 'mailbox reader', signal),
    deliveryReports,
    isGenuine: attemptProofs.isGenuine,
    now,
    logger,
    observer: {
      message: (kind) => metrics.mailboxMessage(kind),
      report: (report, outcome) => metrics.report(report, outcome),
    },
  });
  metrics.watchMailbox(() => reader.standing);
  reader.start();
  closing.add('mailbox reader', () => reader.stop());
  return reader;
}
