import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.js';
import { silent } from './silent-logger.js';

/** A cluster for tests: fast, not durable, in a temporary folder. It is gone after `stop`, or when this process is. */
export async function startTemporaryPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await temporaryFolder();
  const dataDirectory = join(folder, 'postgres');
  const postgres = await startEmbeddedPostgres({ dataDirectory, durable: false, logger: silent });
  const caretaker = removeWithThisProcess(folder, dataDirectory);
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      caretaker.kill();
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

/**
 * The built-in Postgres outlives a process that is killed, on purpose; that of a test must not. A shell waits for the
 * end of its input, which comes with the end of this process however it ends, and cleans up.
 */
function removeWithThisProcess(folder: string, dataDirectory: string): { kill(): void } {
  const script = `
    read _
    pid=$(head -n 1 "$2/postmaster.pid") && kill -QUIT "$pid"
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" || break; sleep 0.3; done
    rm -rf "$1"`;
  const shell = spawn('/bin/sh', ['-c', script, 'sh', folder, dataDirectory], {
    // Out of reach of a Ctrl-C at the terminal.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Neither the shell nor the pipe to it keeps this process alive.
  shell.unref();
  (shell.stdin as Socket).unref();
  return shell;
}
