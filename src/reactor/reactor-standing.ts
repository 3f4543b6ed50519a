import { type Kysely, sql } from 'kysely';
import { type EventStore, type Position, START } from '../event-store/event-store.js';
import { shareOfLog } from '../event-store/share-of-log.js';
import { readCheckpoint } from '../projecting/checkpoint.js';
import { lagSeconds } from '../projecting/lag.js';
import { whyNotThisLog } from '../projecting/same-log.js';
import { type QueueSize, readQueueSizes } from './queue.js';
import { REACTOR, REACTOR_STREAMS } from './reactor.js';

/** How the reactor stands, and what it has given the worker to do. */
export interface ReactorStanding {
  readonly position: Position;
  /** Null where it has never run. */
  readonly updatedAt: string | null;
  readonly share: number;
  /** The age in seconds of the oldest event that it has not dealt with; 0 where there is none. */
  readonly lagSeconds: number;
  readonly newerThanLog: boolean;
  /** Who leads: the connection's other end, and since when; that is null where the database role may not see it. Null where nobody does. */
  readonly leader: { readonly address: string | null; readonly since: string | null } | null;
  readonly queue: readonly QueueSize[];
}

const NEVER_RUN = { position: START, updatedAt: null, witness: null };

/** Asks the log and the database; whichever process runs the reactor is not disturbed. */
export async function readReactorStanding(
  // biome-ignore lint/suspicious/noExplicitAny: reads the checkpoint and the queue only
  db: Kysely<any>,
  store: EventStore,
  now: () => Date = () => new Date(),
): Promise<ReactorStanding> {
  const head = await store.head();
  const { position, updatedAt, witness } = (await readCheckpoint(db, REACTOR)) ?? NEVER_RUN;
  const newerThanLog = (await whyNotThisLog(store, { position, witness })) !== undefined;
  return {
    position,
    updatedAt,
    share: shareOfLog(position, head),
    lagSeconds: newerThanLog ? 0 : await lagSeconds(store, { position, streamPrefixes: REACTOR_STREAMS }, now),
    newerThanLog,
    leader: await readLeader(db),
    queue: await readQueueSizes(db),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: looks at locks only
async function readLeader(db: Kysely<any>): Promise<ReactorStanding['leader']> {
  const { rows } = await sql<NonNullable<ReactorStanding['leader']>>`
    select host(a.client_addr) as address, a.backend_start as since
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select oid from pg_database where datname = current_database())
      and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(${REACTOR}, 1)`.execute(db);
  return rows[0] ?? null;
}
