import { type Kysely, sql, type Transaction } from 'kysely';

import type { Position, RecordedEvent } from '../event-store/event-store.js';
import type { Poison } from './poison-event.js';

// biome-ignore lint/suspicious/noExplicitAny: works with whatever tables the connection knows
type Connection = Kysely<any> | Transaction<any>;

/** An event that waits to be retried: one that failed, or one behind it in its stream. */
export interface ParkedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}

export interface ParkedCount {
  readonly streams: number;
  readonly events: number;
}

/** A stream whose events wait, and the one that it stopped at. */
export interface ParkedStream {
  readonly stream: string;
  /** How many events wait, the first included. */
  readonly events: number;
  readonly first: ParkedEvent;
  readonly parkedAt: string;
  /** How often the first was tried. 0 when it has only just become the first. */
  readonly tries: number;
  readonly triedAt: string | null;
  /** Why it failed; null while it has not been tried. */
  readonly failure: Poison | null;
}

/** The streams that a follower's tables are behind with. */
export async function parkedStreamsOf(db: Connection, checkpoint: string): Promise<Set<string>> {
  const { rows } = await sql<{ stream: string }>`
    select distinct stream from following.parked_events where checkpoint = ${checkpoint}`.execute(db);
  return new Set(rows.map(({ stream }) => stream));
}

/** How many streams may be parked within a minute, and as many wait, before it is no longer believed that events are at fault. */
const MOST_AT_ONCE = 20;

/**
 * So many streams failed at once that the program or the database must be at fault. The follower stands still instead of setting
 * aside one stream after the other until nothing is left.
 */
export class ParkingRefused extends Error {
  override readonly name = 'ParkingRefused';
  readonly code = 'parking-refused';
}

/**
 * Looks whether one more stream may be parked. It may not be for as long as those that failed at once wait: when they have been
 * retried or skipped, it may.
 *
 * @throws ParkingRefused
 */
export async function requireRoomToPark(tx: Connection, checkpoint: string, cause: Error): Promise<void> {
  const { rows } = await sql<{ streams: number }>`
    select count(*) as streams from (
      select parked_at, max(parked_at) over () as last from following.parked_events
      where checkpoint = ${checkpoint} and failure is not null
    ) f where parked_at > last - interval '1 minute'`.execute(tx);
  if ((rows[0]?.streams ?? 0) < MOST_AT_ONCE) return;
  throw new ParkingRefused(
    `${MOST_AT_ONCE} streams of ${checkpoint} were parked within a minute: that is a fault of the program or the database, not of ` +
      `the events, and nothing more is parked. Mend it, then retry what is parked. The next one: ${cause.message}`,
    { cause },
  );
}

/** Parks events within the transaction in which the checkpoint moves past them. @param failure of the one that failed */
export async function park(
  tx: Connection,
  checkpoint: string,
  events: readonly RecordedEvent[],
  failure?: Poison,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ id, type, stream, revision, position }) => ({ id, type, stream, revision, position }));
  const told = failure === undefined ? null : JSON.stringify(failure);
  await sql`
    insert into following.parked_events (checkpoint, stream, revision, position, event_id, type, failure, tries, tried_at)
    select ${checkpoint}, e.stream, e.revision, e.position, e.id, e.type, ${told}::jsonb,
      ${failure ? 1 : 0}::integer, ${failure ? sql`now()` : null}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as e(id uuid, type text, stream text, revision bigint, position text)`.execute(tx);
}

/** Notes that the first event of a parked stream was tried again in vain. */
export async function noteTry(db: Connection, checkpoint: string, event: ParkedEvent, failure: Poison): Promise<void> {
  await sql`
    update following.parked_events set tries = tries + 1, tried_at = now(), failure = ${JSON.stringify(failure)}
    where checkpoint = ${checkpoint} and stream = ${event.stream} and revision = ${event.revision}`.execute(db);
}

/** Takes events out that are parked no longer. */
export async function unpark(tx: Connection, checkpoint: string, events: readonly ParkedEvent[]): Promise<void> {
  const ids = events.map(({ id }) => id);
  await sql`
    delete from following.parked_events
    where checkpoint = ${checkpoint} and event_id = any(${ids}::uuid[])`.execute(tx);
}

/** The first events that wait in a stream, in order. */
export async function firstParked(
  db: Connection,
  checkpoint: string,
  stream: string,
  limit: number,
): Promise<ParkedEvent[]> {
  const { rows } = await sql<ParkedEvent>`
    select event_id as id, type, stream, revision, position from following.parked_events
    where checkpoint = ${checkpoint} and stream = ${stream} order by revision limit ${limit}`.execute(db);
  return rows;
}

/** How much each follower has parked; those that have nothing parked are left out. */
export async function parkedCounts(db: Connection): Promise<Map<string, ParkedCount>> {
  const { rows } = await sql<ParkedCount & { checkpoint: string }>`
    select checkpoint, count(distinct stream) as streams, count(*) as events
    from following.parked_events group by checkpoint`.execute(db);
  return new Map(rows.map(({ checkpoint, streams, events }) => [checkpoint, { streams, events }]));
}

/** The streams that wait, those first that have waited longest. */
export async function readParkedStreams(db: Connection, checkpoint: string, limit: number): Promise<ParkedStream[]> {
  const { rows } = await sql<ParkedStream>`
    select f.stream, f.events, f.parked_at as "parkedAt", f.tries, f.tried_at as "triedAt", f.failure,
      json_build_object('id', f.event_id, 'type', f.type, 'stream', f.stream, 'revision', f.revision,
        'position', f.position) as first
    from (
      select distinct on (stream) *, count(*) over (partition by stream) as events
      from following.parked_events where checkpoint = ${checkpoint} order by stream, revision
    ) f order by f.position limit ${limit}`.execute(db);
  return rows;
}
