import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Test } from 'tap';
import { EmbeddedError } from '../../src/embedded/embedded-error.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.js';
import { silent } from '../support/silent-logger.js';

/** Starts Postgres in this process, to be stopped with the test. */
export async function start(t: Test, directory: string, options: { port?: number } = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory, logger: silent, ...options });
  t.teardown(() => postgres.stop());
  return postgres;
}

/** Starts Postgres in a process (and process group) of its own; whatever of it is left is killed with the test. */
export function runService(t: Test, directory: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const script = fileURLToPath(new URL('postgres-service.js', import.meta.url));
  const service = spawn(process.execPath, [script, directory], {
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(async () => {
    await kill(service);
    const pid = await serverPid(directory).catch(() => 0);
    if (await isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  return service;
}

/** The URL of the service's Postgres once it runs, or the code of the error that it met. */
export async function whatItSays(service: ChildProcess): Promise<string> {
  if (!service.stdout) throw new Error('the service has no output');
  const [line] = await once(createInterface(service.stdout), 'line');
  return String(line);
}

/** Kills the service, but not its Postgres, and waits for its end. */
export async function kill(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  service.kill('SIGKILL');
  await once(service, 'exit');
}

/** The process of the server that runs on the data folder. */
export async function serverPid(dataDirectory: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8'), 10);
}

/** Whether the process runs; one that ended and is still waited for does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\s*Z/m.test(status);
}

/** The user and group that a file belongs to. */
export async function ownerOf(path: string): Promise<{ uid: number; gid: number }> {
  const { uid, gid } = await stat(path);
  return { uid, gid };
}

/** The rows that a statement answers, on a connection of its own. */
export async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query(text);
    return rows.map((row: object) => ({ ...row }));
  } finally {
    await client.end();
  }
}

/** Asserts that the promise rejects with this code and a sentence that mentions `mention`. */
export async function rejects(t: Test, promise: Promise<unknown>, code: string, mention: string): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof EmbeddedError)) {
    t.fail(`expected ${code}`, { found: error });
    return;
  }
  t.equal(error.code, code);
  t.ok(error.message.includes(mention), `the message mentions ${mention}`, { message: error.message });
}
