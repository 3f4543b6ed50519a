import { chmod, mkdir } from 'node:fs/promises';

/**
 * Where root puts what the account that Postgres runs as cannot reach in the project, for example below `/root`. Only
 * root can write there, so that nobody plants a program for it, as somebody could in the folder for temporary files.
 */
export const SYSTEM_DIRECTORY = '/var/lib/workspace-invitations';

/** Makes the folder, readable for everybody whatever the umask says. */
export async function makeSystemDirectory(): Promise<void> {
  await mkdir(SYSTEM_DIRECTORY, { recursive: true });
  await chmod(SYSTEM_DIRECTORY, 0o755);
}
