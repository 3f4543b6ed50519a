import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.js';
import { silent } from './silent-logger.js';

/** A cluster for tests: fast, not durable, in a temporary folder that `stop` removes. */
export async function startTemporaryPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await temporaryFolder();
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    durable: false,
    logger: silent,
  });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A new folder for temporary files that another user can enter too: as root, Postgres runs as one. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'workspace-invitations-'));
  await chmod(folder, 0o711);
  return folder;
}
