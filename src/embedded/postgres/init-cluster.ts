import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asNotWritable } from '../data-folder-error.js';
import { EmbeddedError, systemCode } from '../embedded-error.js';
import type { Binaries } from './binaries.js';
import type { Account } from './program.js';
import { run } from './program.js';

/** The superuser's name, in every cluster made here. */
export const SUPERUSER = 'postgres';

const PASSWORD_FILE = 'superuser-password';

/** What `initCluster` needs to know. */
export interface InitOptions {
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  /** `false` leaves out the wait for the disk. */
  readonly durable: boolean;
}

/**
 * Makes a database cluster in a folder that is empty or missing. It is made beside its place and then renamed, so a
 * folder with half a cluster in it never exists, whenever the process is killed. Where two do this at once, one
 * cluster wins and both go on with it.
 *
 * @throws EmbeddedError `data-folder-not-writable`, `postgres-did-not-start`
 */
export async function initCluster(directory: string, options: InitOptions): Promise<void> {
  const { account } = options;
  let workshop: string | undefined;
  try {
    await removeAbandonedWorkshops(directory);
    workshop = await mkdtemp(`${workshopPrefix(directory)}${process.pid}-`);
    await chmod(workshop, 0o700);
    const password = join(workshop, PASSWORD_FILE);
    await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (account) {
      await chown(password, account.uid, account.gid);
      await chown(workshop, account.uid, account.gid);
    }
    const cluster = join(workshop, 'cluster');
    await initdb(cluster, password, options);
    await rename(password, join(cluster, PASSWORD_FILE));
    await moveIntoPlace(cluster, directory);
  } catch (error) {
    throw asNotWritable(error, directory);
  } finally {
    if (workshop) await rm(workshop, { recursive: true, force: true });
  }
}

/** The superuser's password, which lies in the data folder and is only for that folder's owner (and root) to read. */
export async function readPassword(directory: string): Promise<string> {
  return (await readFile(join(directory, PASSWORD_FILE), 'utf8')).trim();
}

async function initdb(cluster: string, passwordFile: string, { binaries, account, durable }: InitOptions) {
  const args = [
    `--pgdata=${cluster}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // A locale of the machine may be missing, and may change its sort order with the machine's next update.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const { code, output } = await run(binaries.initdb, args, { cwd: dirname(cluster), account });
  if (code === 0) return;
  throw new EmbeddedError('postgres-did-not-start', `Postgres could not make its data folder:\n${output}`);
}

async function moveIntoPlace(cluster: string, directory: string): Promise<void> {
  try {
    // Windows does not rename onto a folder, not even onto an empty one.
    if (process.platform === 'win32' && existsSync(directory)) await rmdir(directory);
    await rename(cluster, directory);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
  }
}

function workshopPrefix(directory: string): string {
  return `${directory}.init-`;
}

/** Removes what is left of starts that were killed: workshops that carry the number of a process that is no more. */
async function removeAbandonedWorkshops(directory: string): Promise<void> {
  const prefix = basename(workshopPrefix(directory));
  for (const name of await readdir(dirname(directory))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (isAlive(pid)) continue;
    // The initdb of that process may still be writing; it ends when it misses its files.
    await rm(join(dirname(directory), name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Whether a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
