import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';

import type { AnyDatabase } from './slot.js';

/** The kind of lock that whoever works on a projection holds: it tells its key from those of other locks on the same name. */
export const WORK_LOCK = 3;

/** Somebody else rebuilds, switches or drops tables of the projection right now. */
export class WorkUnderWay extends Error {
  override readonly name = 'WorkUnderWay';
  readonly code = 'projection-work-under-way';
}

/** The connection that made sure of being the only one is gone; so is the certainty. */
export class WorkInterrupted extends Error {
  override readonly name = 'WorkInterrupted';
  readonly code = 'projection-work-interrupted';
}

/**
 * Does some work on a projection's tables as the only one to do so, across instances. A session's lock is free again the moment
 * its connection ends, however that came about.
 *
 * @throws WorkUnderWay at once when somebody else is at it
 */
export async function alone<T>(
  connectionString: string,
  projection: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const client = new pg.Client({ connectionString, application_name: `work on ${projection}`, keepAlive: true });
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  let isAlone = false;
  try {
    await client.connect();
    const { rows } = await client.query('select pg_try_advisory_lock(hashtextextended($1, $2)) as locked', [
      projection,
      WORK_LOCK,
    ]);
    if (!rows[0]?.locked) {
      throw underWay(projection);
    }
    isAlone = true;
    return await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    // Work that had been done by then is done: what came of it was returned.
    if (!isAlone || !lost.signal.aborted || signal.aborted) throw error;
    throw new WorkInterrupted('the database connection was lost; run the same again to go on', { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * For who would begin something costly for nothing; `alone` makes sure.
 *
 * @throws WorkUnderWay when somebody works on the projection's tables right now
 */
export async function requireNobodyAtWork(db: AnyDatabase, projection: string): Promise<void> {
  const { rows } = await sql<{ held: boolean }>`select ${isHeld(sql.val(projection), WORK_LOCK)} as held`.execute(db);
  if (rows[0]?.held) throw underWay(projection);
}

/** Whether some session holds the lock of a kind on a name. */
export const isHeld = (name: RawBuilder<unknown>, kind: number) => sql`
  exists (
    select 1 from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select oid from pg_database where datname = current_database())
      and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(${name}, ${sql.lit(kind)})
  )`;

function underWay(projection: string): WorkUnderWay {
  return new WorkUnderWay(`another process works on the tables of ${projection} right now; try again when it is done`);
}
