import { readFile, stat } from 'node:fs/promises';
import { EmbeddedError, systemCode } from '../embedded-error.js';
import { type Account, run } from './program.js';

/**
 * The account Postgres has to run as: `undefined` for this process's own, which is right for everybody but root, whom
 * Postgres refuses. Root runs it as the owner of data that is there already, else as `postgres`, else as `nobody`:
 * always a user the machine knows, since `initdb` refuses a uid that has no name.
 */
export async function accountFor(dataDirectory: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await knownAccounts();
  const owner = await ownerOf(dataDirectory);
  const account =
    accounts.find(({ uid }) => uid !== 0 && uid === owner) ??
    accounts.find(({ name }) => name === 'postgres') ??
    accounts.find(({ name }) => name === 'nobody');
  if (account) return account;
  throw new EmbeddedError(
    'postgres-did-not-start',
    'Postgres refuses to run as root, and this machine has neither a user "postgres" nor a user "nobody" to run it as. ' +
      'Start the service as an ordinary user, or set DATABASE_URL to a Postgres that runs already.',
  );
}

/** Whether the account can enter the folder. Asks the system itself, which knows of access lists and mount options. */
export async function canEnter(account: Account, directory: string): Promise<boolean> {
  const { code } = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { cwd: '/', account });
  return code === 0;
}

async function ownerOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).uid;
  } catch (error) {
    // What is wrong with the path is told where the folder is looked at.
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** The lines of `/etc/passwd`: name, password, uid, gid and more, with colons between. */
async function knownAccounts(): Promise<Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}
