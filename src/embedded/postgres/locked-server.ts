import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from '../../logger.js';
import { EmbeddedError } from '../embedded-error.js';
import { type FolderLock, lockDataFolder } from './folder-lock.js';
import { readPassword, SUPERUSER } from './init-cluster.js';
import { type Cluster, freePort, HOST, runningServer, startServer, stopServer } from './server.js';

/** How a server is started on a cluster. */
export interface StartOptions {
  readonly dataDirectory: string;
  /** Any free one where it is absent. A server that runs already keeps its own. */
  readonly port?: number;
  readonly logger: Logger;
  readonly durable: boolean;
}

/** A server whose data folder is locked for this process. */
export interface LockedServer {
  readonly url: string;
  readonly port: number;
  readonly adopted: boolean;
  readonly lock: FolderLock;
}

const ATTEMPTS = 20;

/** How much longer each of them is waited for than the one before, in milliseconds: of a server that was killed, sessions may write to the end. */
const LONGER = 100;

/**
 * A running server whose data folder is locked for us. Tried again when the server ends between two steps, as it does
 * when another service is just stopping, and when a start fails because another start or another program was faster.
 */
export async function lockedServer(cluster: Cluster, options: StartOptions): Promise<LockedServer> {
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
    await delay(attempt * LONGER);
    return undefined;
  }
}

/**
 * Stops the server if its data folder is still locked for us: after it crashed, another service may have started one.
 * The lock is given up last, so that nobody adopts a server that is about to stop.
 */
export async function stopLockedServer(cluster: Cluster, { url, lock }: LockedServer): Promise<void> {
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
