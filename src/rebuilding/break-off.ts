import { type Kysely, sql } from 'kysely';
import { pauseFor } from '../pause-for.js';

// biome-ignore lint/suspicious/noExplicitAny: works with whatever tables the connection knows
type Connection = Kysely<any>;

/** A statement was broken off because whoever wanted it has been interrupted. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

const QUERY_CANCELED = '57014';

/** Milliseconds between two requests to break off: one that comes between two statements is lost. */
const AGAIN = 100;

/**
 * Does work on one connection whose statements may take minutes, and has the server break off the one under way when `signal`
 * aborts.
 *
 * @param on the connection, or a transaction on it, that the work uses
 * @param db others, to ask from
 * @throws BrokenOff
 */
export async function breakingOff<T>(
  on: Connection,
  db: Connection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on);
  const pid = rows[0]?.pid ?? 0;
  const over = new AbortController();
  let breaking: Promise<void> | undefined;
  const breakOff = async () => {
    while (!over.signal.aborted) {
      await sql`select pg_cancel_backend(${pid})`.execute(db).catch(() => {});
      await pauseFor(AGAIN, over.signal);
    }
  };
  const begin = () => {
    breaking = breakOff();
  };
  signal.addEventListener('abort', begin);
  try {
    if (signal.aborted) throw new BrokenOff('interrupted before it began');
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== QUERY_CANCELED || !signal.aborted) throw error;
    throw new BrokenOff('interrupted', { cause: error });
  } finally {
    signal.removeEventListener('abort', begin);
    over.abort();
    // A request under way must not reach whoever uses the connection next.
    await breaking;
  }
}
