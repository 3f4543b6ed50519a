import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EmbeddedError, systemCode } from '../embedded-error.js';
import type { Binaries } from './binaries.js';
import { isAlive } from './init-cluster.js';
import type { Account } from './program.js';
import { run } from './program.js';

/** A cluster on disk, and what is needed to run a server on it. */
export interface Cluster {
  readonly directory: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
}

/** A server that runs on the cluster, started by whomever. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/** The one address the server listens on. */
export const HOST = '127.0.0.1';

const START_SECONDS = 120;
const STOP_SECONDS = 30;
const LOG_FILE = 'postgres.log';

/**
 * From this size on, in bytes, a start begins another log. Below it goes on in the same one: what a server ended with stays to be
 * read, however often it has been tried to start it since.
 */
const LOG_BYTES = 10 * 2 ** 20;

/** Greater than any pid the systems that run this give out (Linux stops at 2^22). */
const NO_PID = 2 ** 31 - 2;

/**
 * The server that runs on the cluster, as `postmaster.pid` tells: its lines are pid, data folder, start time, port and
 * more. The file outlives a server that was killed, and its pid may be another program's by now, which is likely in
 * containers: Postgres would take that program for a server and refuse to start. So the pid is made one that nobody
 * has. The file stays, since Postgres finds in it the shared memory that sessions of the killed server may still use.
 */
export async function runningServer({ directory }: Cluster): Promise<RunningServer | undefined> {
  const file = join(directory, 'postmaster.pid');
  const [first, ...others] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(first);
  const port = Number(others[2]);
  if (!pid || !port || !isAlive(pid)) return undefined;
  if (await isNoPostgres(pid)) {
    await writeFile(file, [NO_PID, ...others].join('\n'));
    return undefined;
  }
  return { pid, port };
}

/** Whether the process is certainly no server: another program, or one that ended and that nobody has waited for. */
async function isNoPostgres(pid: number): Promise<boolean> {
  // Only Linux tells this without running a program.
  if (process.platform !== 'linux') return false;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !(/^Name:\s*postgres$/m.test(status) && !/^State:\s*Z/m.test(status));
}

/**
 * Starts a server on the cluster and waits until it takes connections. It is started with `pg_ctl`, which puts it into
 * a session of its own: a Ctrl-C at the terminal reaches this process only, so that the order of a shutdown is ours.
 *
 * @throws EmbeddedError `postgres-did-not-start` with the end of the server's log
 */
export async function startServer(cluster: Cluster, port: number, durable: boolean): Promise<void> {
  const { directory, binaries, account } = cluster;
  const log = join(directory, LOG_FILE);
  const begin = await beginLog(directory, log);
  const options = settings(port, durable).map((setting) => `-c ${setting}`);
  const { code, output } = await run(
    binaries.pgCtl,
    ['start', '-w', '-t', `${START_SECONDS}`, '-D', directory, '-l', log, '-o', options.join(' ')],
    { cwd: directory, account },
  );
  if (code === 0) return;
  const said = await readFile(log).then(
    (lines) => lines.subarray(begin).toString(),
    () => output,
  );
  const lastLines = said.trim().split('\n').slice(-12).join('\n');
  throw new EmbeddedError('postgres-did-not-start', `Postgres did not start. The last lines of ${log}:\n${lastLines}`);
}

/** @returns where in the log a server that is started now begins to write */
async function beginLog(directory: string, log: string): Promise<number> {
  const { size } = await stat(log).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    return { size: 0 };
  });
  if (size < LOG_BYTES) return size;
  await rename(log, join(directory, 'postgres.previous.log'));
  return 0;
}

/**
 * Stops the server and waits for its end. Sessions are cut off, what was committed is on disk ("fast" shutdown); only
 * where that hangs is it made to recover at its next start instead ("immediate").
 */
export async function stopServer(cluster: Cluster): Promise<void> {
  const { directory, binaries, account } = cluster;
  for (const mode of ['fast', 'immediate']) {
    if (!(await runningServer(cluster))) return;
    const args = ['stop', '-w', '-t', `${STOP_SECONDS}`, '-D', directory, '-m', mode];
    const { code } = await run(binaries.pgCtl, args, { cwd: directory, account });
    if (code === 0) return;
  }
}

/**
 * A port nobody listens on, or `wanted` where that is free.
 *
 * @throws EmbeddedError `port-taken` when `wanted` is not free
 */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const taken = `Port ${wanted} on ${HOST}, wanted for Postgres, is taken by another program. Stop it, or choose another port.`;
      reject(systemCode(error) === 'EADDRINUSE' ? new EmbeddedError('port-taken', taken, { cause: error }) : error);
    });
    probe.listen(wanted, HOST, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}

/** The server's settings, given anew at every start: for one machine that other programs share. */
function settings(port: number, durable: boolean): string[] {
  return [
    `port=${port}`,
    `listen_addresses=${HOST}`,
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    // Nobody follows its log of changes: what a transaction writes to tables that it made or emptied need not go there as well.
    'wal_level=minimal',
    'max_wal_senders=0',
    // Solid state drives: the default makes the planner avoid indexes.
    'random_page_cost=1.1',
    // Compiling takes longer than the short queries that are run here.
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
}
