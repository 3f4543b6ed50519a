import { join } from 'node:path';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';

import { Closing } from './closing.js';
import type { Config } from './config.js';
import { type Core, openCore } from './core.js';
import { IdempotencyKeys } from './database/idempotency-keys.js';
import { RedeemedTokens } from './database/redeemed-tokens.js';
import { inboxPages } from './embedded/inbox/pages.js';
import { type Inbox, startInbox } from './embedded/inbox.js';
import { startEmbeddedPostgres } from './embedded/postgres.js';
import { freePort } from './free-port.js';
import { Health } from './health.js';
import { buildApp } from './http/app.js';
import { HTTP_DEFAULTS } from './http/dependencies.js';
import { createChannels } from './inbound/channels.js';
import { pages } from './pages/pages.js';
import { enqueueNow, sendSignInLink } from './reactor/jobs.js';
import { loadSecrets, type Secrets } from './secrets.js';
import { localUrl } from './server-url.js';
import { VERSION } from './version.js';
import { startWorkers, type Workers } from './workers.js';

/** A service that runs, and where its parts can be reached. */
export interface Service {
  /** Where people reach it; links in mails begin with it. */
  readonly publicUrl: string;
  /** Where it listens. Undefined where this process does not serve the API. */
  readonly url?: string;
  /** The built-in mail server's, where there is one. */
  readonly smtpUrl?: string;
  readonly inboxUrl?: string;
  readonly builtInPostgres: boolean;
  readonly core: Core;
  readonly health: Health;
  /** Stops taking requests, lets what is under way finish, and closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts the parts that a process is to do, and what they need and is not given from outside: Postgres, a mail server.
 *
 * @throws InvalidConfig, EmbeddedError and others with a `code` and a sentence that says what to do; whatever had been
 *   started is stopped again
 */
export async function startService(config: Config, logger: FastifyBaseLogger): Promise<Service> {
  const closing = new Closing((what, error) => logger.error({ what, err: error }, 'could not be closed'));
  try {
    return await start(config, logger, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function start(config: Config, logger: FastifyBaseLogger, closing: Closing): Promise<Service> {
  const databaseUrl = config.databaseUrl ?? (await builtInPostgres(config, logger, closing));
  const secrets = await loadSecrets(config, config.dataDirectory);
  const { eventStore, resendPauseSeconds, limits } = config;
  const core = await openCore({ databaseUrl, eventStore, secrets, logger, closing, resendPauseSeconds, limits });
  const inbox = config.smtpUrl === undefined ? await builtInInbox(config, logger, closing) : undefined;
  const port = config.port || (await freePort(config.host));
  const publicUrl = config.publicUrl || localUrl(config.host, port);

  const smtpUrl = config.smtpUrl ?? inbox?.smtpUrl ?? '';
  let workers: Workers | undefined;
  const health = new Health(
    core,
    () => workers?.status() ?? [],
    () => workers?.mailer?.circuit.standing,
    () => workers?.mailboxReader?.standing,
    (projection) => workers?.upgradeFailure(projection),
  );
  let url: string | undefined;
  if (config.parts.has('api')) {
    const app = await api({ core, config, secrets, publicUrl, logger, health, inbox });
    closing.add('api', () => app.close());
    await app.listen({ host: config.host, port });
    url = localUrl(config.host, port);
  }
  workers = await startWorkers({ core, config, smtpUrl, publicUrl, closing });
  return {
    core,
    health,
    publicUrl,
    builtInPostgres: config.databaseUrl === undefined,
    ...(url === undefined ? {} : { url }),
    ...(inbox ? { smtpUrl: inbox.smtpUrl, inboxUrl: `${publicUrl}/inbox` } : {}),
    stop: () => closing.close(),
  };
}

async function builtInPostgres(
  { dataDirectory }: Config,
  logger: FastifyBaseLogger,
  closing: Closing,
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: join(dataDirectory, 'postgres'), logger });
  closing.add('built-in Postgres', () => postgres.stop());
  return postgres.url;
}

async function builtInInbox(config: Config, logger: FastifyBaseLogger, closing: Closing): Promise<Inbox> {
  const directory = join(config.dataDirectory, 'inbox');
  const inbox = await startInbox({ directory, port: config.inboxSmtpPort, logger });
  closing.add('built-in mail server', () => inbox.close());
  return inbox;
}

interface ApiOptions {
  readonly core: Core;
  readonly config: Config;
  readonly secrets: Secrets;
  readonly publicUrl: string;
  readonly logger: FastifyBaseLogger;
  readonly health: Health;
  readonly inbox: Inbox | undefined;
}

async function api({ core, config, secrets, publicUrl, logger, health, inbox }: ApiOptions): Promise<FastifyInstance> {
  const { pool, instanceId, workspaceQueries } = core;
  const { trustProxy, corsOrigins, identityProvider, logoHosts, signInLinksPerHour: max } = config;
  const app = await buildApp({
    ...core,
    config: {
      ...HTTP_DEFAULTS,
      publicUrl,
      version: VERSION,
      trustProxy,
      logoHosts,
      corsOrigins,
      rateLimits: { ...HTTP_DEFAULTS.rateLimits, signInLinks: { max, seconds: 3_600 } },
      ...(identityProvider ? { identityProvider } : {}),
    },
    logger,
    tokenKeys: secrets.tokenKeys,
    idempotencyKeys: new IdempotencyKeys(pool, instanceId),
    redeemedTokens: new RedeemedTokens(pool),
    channels: createChannels(config.inbound, core.attemptProofs.isGenuine),
    workspacesOf: workspaceQueries,
    jobs: {
      sendSignInLink: (payload) => enqueueNow(pool, sendSignInLink(payload)),
    },
    health,
  });
  await app.register(pages, { publicUrl, ...(inbox ? { inboxPath: '/inbox' } : {}) });
  if (inbox) await app.register(inboxPages, { prefix: '/inbox', inbox });
  return app;
}
