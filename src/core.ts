import { randomBytes, randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type pg from 'pg';

import { AuditHistoryQueries } from '../projections/audit-history/queries.js';
import { UserHistoryQueries } from '../projections/user-history/queries.js';
import { UsersTabQueries } from '../projections/users-tab/queries.js';
import { WorkspaceQueries } from '../projections/workspaces/queries.js';
import { addressDigest } from './addresses/address-digest.js';
import type { BuildingSettings } from './building.js';
import type { Closing } from './closing.js';
import { Accounts } from './commands/accounts.js';
import { AggregateStore } from './commands/aggregate-store.js';
import type { SendingRules } from './commands/allowance.js';
import { Corrections } from './commands/corrections.js';
import { DeliveryReports } from './commands/delivery-reports.js';
import { Digests } from './commands/digests.js';
import { InvitationEmails } from './commands/invitation-emails.js';
import { InvitationLinks } from './commands/invitation-links.js';
import { Invitations } from './commands/invitations.js';
import { InviteMany } from './commands/invite-many.js';
import { Members } from './commands/members.js';
import { Refusals } from './commands/refusals.js';
import { RenewalRequests } from './commands/renewal-requests.js';
import { Suppressions } from './commands/suppressions.js';
import { Workspaces } from './commands/workspaces.js';
import { createDatabase } from './database/database.js';
import { Liveness } from './database/liveness.js';
import { migrate } from './database/migrate.js';
import { createPool } from './database/pool.js';
import { type ThrottleLimits, Throttles } from './database/throttles.js';
import type { EventStore } from './event-store/event-store.js';
import { openEventStore } from './event-store/open.js';
import type { Logger } from './logger.js';
import { Metrics } from './metrics/metrics.js';
import { observed } from './metrics/observed-store.js';
import { parkedCounts } from './projecting/parking.js';
import { ProjectionPositions } from './projecting/positions.js';
import { ensureTables } from './projecting/project.js';
import { PROJECTIONS } from './projections.js';
import { ReactorOperations } from './reactor/operations.js';
import { REACTOR, REACTOR_STREAMS } from './reactor/reactor.js';
import { prepareQueue } from './reactor/worker.js';
import { BackgroundWork } from './rebuilding/background-work.js';
import { BuildingProcesses } from './rebuilding/building-processes.js';
import { ProjectionOperations } from './rebuilding/operations.js';
import { readFollowerFigures } from './rebuilding/read-follower-figures.js';
import type { Secrets } from './secrets.js';
import { createAttemptProofs } from './tokens/attempt-proof.js';
import { createInvitationTokens } from './tokens/invitation-token.js';
import { createSignInTokens } from './tokens/sign-in-token.js';
import { createUnsubscribeTokens } from './tokens/unsubscribe-token.js';

export interface CoreOptions {
  readonly databaseUrl: string;
  readonly eventStore: string;
  readonly secrets: Secrets;
  readonly logger: Logger;
  /** How long after a mail of an invitation the next one may be asked for; a minute where it is absent. */
  readonly resendPauseSeconds?: number;
  /** Of the mails that people cause; none where it is absent. */
  readonly limits?: ThrottleLimits;
  /** Whatever is opened is closed with it. */
  readonly closing: Closing;
}

export type Core = Awaited<ReturnType<typeof openCore>>;

/** What every part of the service stands on: database, event store, commands, queries. Makes and migrates what is missing. */
export async function openCore(options: CoreOptions) {
  const { databaseUrl, eventStore, secrets, logger, closing, resendPauseSeconds = 60 } = options;
  const metrics = new Metrics();
  const pool = createPool({ connectionString: databaseUrl, name: 'service', logger, max: 20 });
  closing.add('database pool', () => pool.end());
  // biome-ignore lint/suspicious/noExplicitAny: each part knows its own tables
  const db: Kysely<any> = createDatabase(pool);
  await prepareDatabase(pool, db, logger);
  const projections = PROJECTIONS.map(({ name }) => name);
  metrics.watchParked(projections, () => parkedCounts(db));

  // Connections of its own: a request that holds one while it waits for an append cannot starve the append of another.
  const logPool = createPool({ connectionString: databaseUrl, name: 'event store', logger, max: 8 });
  closing.add('event store pool', () => logPool.end());
  const store = observed(await openEventStore(eventStore, { pool: logPool, logger }), metrics);
  closing.add('event store', () => store.close());
  const followers = [...PROJECTIONS, { name: REACTOR, streamPrefixes: REACTOR_STREAMS }];
  metrics.watchFollowers(projections, () => readFollowerFigures(db, store, followers));

  const followersPool = createPool({ connectionString: databaseUrl, name: 'followers', logger, waitForDisk: false });
  closing.add('followers pool', () => followersPool.end());

  // What is counted is not logged, so that there is no disk to wait for, and every invitation waits for it to be counted.
  const throttlesPool = createPool({
    connectionString: databaseUrl,
    name: 'throttles',
    logger,
    max: 4,
    waitForDisk: false,
  });
  closing.add('throttles pool', () => throttlesPool.end());
  const throttles = new Throttles(throttlesPool, options.limits ?? { newWorkspaceDays: 0 }, logger, (limit) =>
    metrics.throttled(limit),
  );

  const instanceId = randomUUID();
  const liveness = await new Liveness(databaseUrl, logger).open(instanceId);
  closing.add('liveness', () => liveness.close());
  const positions = await new ProjectionPositions(db, databaseUrl, logger).open();
  closing.add('projection positions', () => positions.close());

  // biome-ignore lint/suspicious/noExplicitAny: each follower knows its own tables
  const followersDb = createDatabase<any>(followersPool);
  const operations = new ProjectionOperations({
    db: followersDb,
    connectionString: databaseUrl,
    store,
    projections: PROJECTIONS,
  });
  const building = new BuildingProcesses({
    module: new URL('./building-process.js', import.meta.url),
    settings: {
      databaseUrl,
      eventStore,
      versions: Object.fromEntries(PROJECTIONS.map(({ name, version }) => [name, version])),
    } satisfies BuildingSettings,
    operations,
    logger,
  });
  const work = new BackgroundWork({ pool, db, process: instanceId, logger });
  closing.add('work of operators', () => work.stop());
  return {
    databaseUrl,
    logger,
    metrics,
    pool,
    db,
    followersDb,
    operations,
    building,
    work,
    reactor: new ReactorOperations(db, store),
    store,
    instanceId,
    liveness,
    positions,
    throttles,
    ...commandsOn(store, metrics, {
      pauseSeconds: resendPauseSeconds,
      ...(options.limits && { allowance: throttles }),
    }),
    usersTab: new UsersTabQueries(db),
    auditHistory: new AuditHistoryQueries(db, store),
    userHistory: new UserHistoryQueries(db),
    workspaceQueries: new WorkspaceQueries(db),
    invitationTokens: createInvitationTokens(secrets.tokenKeys),
    signInTokens: createSignInTokens(secrets.tokenKeys),
    unsubscribeTokens: createUnsubscribeTokens(secrets.tokenKeys),
    attemptProofs: createAttemptProofs(secrets.tokenKeys),
    digest: (address: Parameters<typeof addressDigest>[1]) => addressDigest(secrets.addressKey, address),
    newId,
    now: () => new Date(),
  };
}

async function prepareDatabase(pool: pg.Pool, db: Kysely<unknown>, logger: Logger): Promise<void> {
  await migrate(db);
  await prepareQueue(pool, logger);
  for (const projection of PROJECTIONS) await ensureTables(projection, db);
}

function commandsOn(store: EventStore, metrics: Metrics, rules: SendingRules) {
  const aggregates = new AggregateStore(store, metrics);
  return {
    aggregates,
    accounts: new Accounts(aggregates),
    corrections: new Corrections(aggregates, rules),
    invitations: new Invitations(aggregates, rules),
    links: new InvitationLinks(aggregates),
    inviteMany: new InviteMany(store, aggregates, rules),
    emails: new InvitationEmails(aggregates),
    deliveryReports: new DeliveryReports(aggregates),
    digests: new Digests(aggregates),
    members: new Members(aggregates),
    refusals: new Refusals(store),
    suppressions: new Suppressions(aggregates),
    renewalRequests: new RenewalRequests(aggregates),
    workspaces: new Workspaces(aggregates),
  };
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new id of 26 characters, 130 random bits. */
function newId(): string {
  return Array.from(randomBytes(26), (byte) => ALPHABET[byte & 31]).join('');
}
