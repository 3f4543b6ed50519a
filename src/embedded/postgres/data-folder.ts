import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile, readlink, realpath, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Logger } from '../../logger.js';
import { asNotWritable, notWritable } from '../data-folder-error.js';
import { EmbeddedError, systemCode } from '../embedded-error.js';
import { canEnter } from './account.js';
import type { Account } from './program.js';
import { makeSystemDirectory, SYSTEM_DIRECTORY } from './system-directory.js';

/**
 * Finds the real place of the data, which may not exist yet, and makes sure that the account reaches it. Where it does
 * not (root's project lies below `/root`), data goes to `/var/lib` and `dataDirectory` becomes a symlink to it, so that
 * the folder the person knows still leads there.
 *
 * @throws EmbeddedError `data-folder-not-writable`
 */
export async function placeDataFolder(
  dataDirectory: string,
  account: Account | undefined,
  logger: Logger,
): Promise<string> {
  try {
    await mkdir(dirname(dataDirectory), { recursive: true });
    const place = await realPlace(dataDirectory);
    if (!account || (await canEnter(account, dirname(place)))) return place;
    if (await exists(place)) {
      throw notWritable(
        place,
        `the user "${account.name}", whom root runs Postgres as, cannot enter ${dirname(place)}`,
      );
    }
    return await placeElsewhere(dataDirectory, account, logger);
  } catch (error) {
    throw asNotWritable(error, dataDirectory);
  }
}

/** @throws EmbeddedError `data-folder-missing` when the folder is not there, or nothing is in it */
export async function requireData(dataDirectory: string): Promise<void> {
  const entries = await readdir(dataDirectory).catch((error: unknown): string[] => {
    if (systemCode(error) === 'ENOENT') return [];
    throw asNotWritable(error, dataDirectory);
  });
  if (entries.length > 0) return;
  throw new EmbeddedError(
    'data-folder-missing',
    `There is no data of the service in ${dataDirectory}. Run this in the folder of the service, or set DATA_DIR to its data folder, ` +
      'or DATABASE_URL to its database.',
  );
}

/**
 * Whether the folder holds a database cluster; `false` when it is empty or missing.
 *
 * @throws EmbeddedError `data-folder-foreign`, `data-from-other-version`, `data-folder-not-writable`
 */
export async function holdsCluster(directory: string, majorVersion: string, account?: Account): Promise<boolean> {
  try {
    const entries = await readdir(directory).catch((error: unknown): string[] => {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    });
    if (entries.length === 0) return false;
    if (!entries.includes('PG_VERSION')) {
      throw new EmbeddedError(
        'data-folder-foreign',
        `The data folder ${directory} holds files that are not a database. Set DATA_DIR to a folder that is empty or does not exist.`,
      );
    }
    await checkVersion(directory, majorVersion);
    await checkOwner(directory, account);
    return true;
  } catch (error) {
    throw asNotWritable(error, directory);
  }
}

async function checkVersion(directory: string, majorVersion: string): Promise<void> {
  const found = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  if (found === majorVersion) return;
  throw new EmbeddedError(
    'data-from-other-version',
    `The data in ${directory} was made by Postgres ${found}, and this is Postgres ${majorVersion}, which cannot read it. ` +
      `Dump it with the version of this service that made it (pg_dump) and restore it into an empty folder, or remove the folder.`,
  );
}

/** Postgres works only on a folder that belongs to the user it runs as. */
async function checkOwner(directory: string, account?: Account): Promise<void> {
  await access(directory, constants.R_OK | constants.W_OK);
  const { uid } = await stat(directory);
  const needed = account?.uid ?? process.getuid?.() ?? uid;
  if (uid === needed) return;
  const remedy = account
    ? `make "${account.name}" its owner (chown -R ${account.name} ${directory})`
    : 'start the service as that user, or make yourself its owner';
  throw notWritable(directory, `it belongs to another user (uid ${uid}): ${remedy}`);
}

/** Follows symlinks as far as there is something to follow. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  try {
    return resolve(dirname(path), await readlink(path));
  } catch (error) {
    if (!['ENOENT', 'EINVAL'].includes(systemCode(error) ?? '')) throw error;
  }
  return join(await realpath(dirname(path)), basename(path));
}

async function placeElsewhere(dataDirectory: string, account: Account, logger: Logger): Promise<string> {
  await makeSystemDirectory();
  const place = join(SYSTEM_DIRECTORY, `data-${randomBytes(6).toString('hex')}`);
  await symlink(place, dataDirectory);
  logger.info(
    { dataDirectory, place },
    `Postgres does not run as root, and the user "${account.name}" cannot enter ${dirname(dataDirectory)}: ` +
      `the data is in ${place}, and ${dataDirectory} is a link to it`,
  );
  return place;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
