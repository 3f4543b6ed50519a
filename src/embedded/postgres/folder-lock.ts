import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/**
 * How an attempt to lock the data folder ended: `'held'` is ours now, `'refused'` when another service has it,
 * `'gone'` when the server ended meanwhile.
 */
export type LockAttempt =
  | { readonly status: 'held'; readonly lock: FolderLock }
  | { readonly status: 'refused' }
  | { readonly status: 'gone' };

/** The lock of a data folder. It ends with the server, and with this process however that ends. */
export interface FolderLock {
  /** Calls `listener` once when the connection that holds the lock breaks. */
  onLost(listener: () => void): void;
  /** Whether that has happened: another service may have the lock by now. */
  isLost(): boolean;
  /** Gives the lock up. */
  release(): Promise<void>;
}

/** Key of the lock among the advisory locks that take two numbers: "WS", "IN". */
const KEY = [0x5753, 0x494e] as const;

/** A service that was killed loses its lock when the server has read the end of its connection: not quite at once. */
const PATIENCE_MS = 1_000;

/** Postgres error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';
const CANNOT_CONNECT_NOW = '57P03';
const ENDED = new Set(['57P01', '57P02', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'connection ended']);

/**
 * Locks the data folder for this service: an advisory lock inside its server, held by a connection of its own. The
 * kernel closes that connection when this process is killed, so no lock is ever left behind, as a lock file would be.
 *
 * Waits while the server is starting up (recovery after a crash may take a while).
 */
export async function lockDataFolder(url: string): Promise<LockAttempt> {
  for (;;) {
    const client = new pg.Client({ connectionString: url, application_name: 'data folder lock', keepAlive: true });
    let lost = false;
    let listener = (): void => undefined;
    // Without a listener, an error of an idle connection would end the process.
    client.on('error', () => undefined);
    client.once('end', () => {
      lost = true;
      listener();
    });
    try {
      await client.connect();
      await client.query(`set lock_timeout = ${PATIENCE_MS}`);
      await client.query('select pg_advisory_lock($1, $2)', [...KEY]);
      const onLost = (call: () => void): void => {
        listener = call;
        if (lost) call();
      };
      return { status: 'held', lock: { onLost, isLost: () => lost, release: () => client.end() } };
    } catch (error) {
      const code = codeOf(error);
      await client.end().catch(() => undefined);
      if (code === LOCK_NOT_AVAILABLE) return { status: 'refused' };
      if (ENDED.has(code)) return { status: 'gone' };
      if (code !== CANNOT_CONNECT_NOW) throw error;
      await delay(50);
    }
  }
}

/** What Postgres or the system calls the error. The client gives no code to a connection that ended without a word. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && error.code) return String(error.code);
  return error.message.startsWith('Connection terminated') ? 'connection ended' : '';
}
