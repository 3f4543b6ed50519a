import { sql } from 'kysely';

import type { EventStore, Position } from '../event-store/event-store.js';
import { shareOfLog } from '../event-store/share-of-log.js';
import type { Witness } from '../projecting/checkpoint.js';
import { lagSeconds } from '../projecting/lag.js';
import { type ParkedCount, type ParkedStream, parkedCounts, readParkedStreams } from '../projecting/parking.js';
import type { Poison } from '../projecting/poison-event.js';
import type { Projection } from '../projecting/projection.js';
import { asItIsNow, whyNotThisLog } from '../projecting/same-log.js';
import { type IndexProgress, type IndexStep, indexesUnderWay } from './index-progress.js';
import { readSkipped, type SkippedEvent } from './skipped-events.js';
import { type AnyDatabase, checkpointOf, schemaOf } from './slot.js';
import { isHeld, WORK_LOCK } from './work-lock.js';

/**
 * What a build is at: it waits for its turn, reads the log into its tables, makes the indexes that it did without so far, is compared with the live
 * tables, and takes their place.
 */
export type Phase = 'waiting' | 'reading' | 'indexing' | 'comparing' | 'switching';

/** How far a build is. */
export interface Progress {
  /** Null where it is not known: nobody builds, or a process that is not asked for it. */
  readonly phase: Phase | null;
  /** Which of how many indexes; null where a phase has no steps. */
  readonly step: IndexStep | null;
  /** How far the index under way is; null while nothing is known of one. */
  readonly index: IndexProgress | null;
  /** Events dealt with. */
  readonly events: number;
  /** How many there will have been when it has caught up: an estimate until it has. */
  readonly total: number;
  /** From 0 to 1. */
  readonly share: number;
  /** Events a second while it was building. */
  readonly rate: number;
  /** Seconds until it has caught up, at this rate; null where nothing can be said yet. */
  readonly eta: number | null;
}

/** Tables beside the live ones. */
export interface SlotStanding {
  readonly version: number;
  readonly position: Position;
  readonly updatedAt: string;
}

export interface BuildStanding extends SlotStanding {
  readonly startedAt: string;
  readonly progress: Progress;
  /** What it stopped at, until it gets beyond. */
  readonly failure: Poison | null;
}

/** That an operator has stopped a projection until somebody resumes it. */
export interface Pause {
  readonly since: string;
  /** Null where a release paused it that kept no journal. */
  readonly by: string | null;
  readonly reason: string | null;
}

/** How a projection stands. */
export interface ProjectionStanding {
  readonly name: string;
  /** Of the program that is asked. */
  readonly programVersion: number;
  /** Of the live tables. */
  readonly version: number;
  readonly position: Position;
  readonly updatedAt: string;
  readonly paused: Pause | null;
  /** Whether some instance leads, and so keeps it going. */
  readonly followed: boolean;
  /** Whether some process rebuilds, verifies, switches or retries it right now. */
  readonly workedOn: boolean;
  /** How much of the log is behind it, from 0 to 1. */
  readonly share: number;
  /** The age in seconds of the oldest event that it has not dealt with; 0 where there is none. */
  readonly lagSeconds: number;
  /** The read model knows what the log does not hold: one of them was restored from a copy that does not fit the other. */
  readonly newerThanLog: boolean;
  /** What waits because an event of its stream could not be projected, and the first streams of it. */
  readonly parked: ParkedCount & { readonly first: readonly ParkedStream[] };
  /** What it does without, by decision of somebody; the newest first. */
  readonly skipped: readonly SkippedEvent[];
  readonly next: BuildStanding | null;
  readonly previous: SlotStanding | null;
  /** A fresh fold that the live tables are being verified with; or what is left of one whose process was killed. */
  readonly check: SlotStanding | null;
}

/** How many parked streams are shown. */
const SHOWN = 10;

interface StandingRow extends SlotStanding {
  readonly name: string;
  readonly witness: Witness | null;
  readonly pausedAt: string | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  readonly followed: boolean;
  readonly workedOn: boolean;
  readonly events: number | null;
  readonly busyMs: number | null;
  readonly target: Position | null;
  readonly startedAt: string | null;
  readonly failure: Poison | null;
}

/** The kind of lock that whoever leads a follower holds. */
const LEADER_LOCK = 1;

/** How projections stand, in the order asked for. Those whose tables have not been made are left out. */
export async function readStandings(
  db: AnyDatabase,
  store: EventStore,
  projections: readonly Projection[],
): Promise<ProjectionStanding[]> {
  const { rows } = await sql<StandingRow>`
    select c.name, c.version, c.position, c.updated_at as "updatedAt", c.paused_at as "pausedAt",
      p.acted_by as "pausedBy", p.reason as "pauseReason",
      case when c.witness_id is not null
        then json_build_object('id', c.witness_id, 'position', c.witness_position) end as witness,
      b.events, b.busy_ms as "busyMs", b.target, b.started_at as "startedAt", b.failure,
      ${isHeld(sql.ref('c.name'), LEADER_LOCK)} as followed, ${isHeld(sql.ref('c.name'), WORK_LOCK)} as "workedOn"
    from following.checkpoints c left join following.builds b on b.checkpoint = c.name
    left join following.journal p on p.projection = c.name and p.act = 'paused' and p.acted_at = c.paused_at`.execute(
    db,
  );
  // Asked for after the checkpoints: a follower that moves on in between is not ahead of the log.
  const log = asItIsNow(store);
  const head = await log.head();
  const byName = new Map(rows.map((row) => [row.name, row]));
  const parked = await parkedCounts(db);
  const indexes = await indexesUnderWay(db);
  const standings = projections.map(async (projection): Promise<ProjectionStanding[]> => {
    const live = byName.get(projection.name);
    if (!live) return [];
    const next = byName.get(checkpointOf(projection, 'next'));
    const previous = byName.get(checkpointOf(projection, 'previous'));
    const check = byName.get(checkpointOf(projection, 'check'));
    const { name, version, position, updatedAt, followed, workedOn } = live;
    const newerThanLog = (await whyNotThisLog(log, live)) !== undefined;
    const count = parked.get(name);
    const first = count ? await readParkedStreams(db, name, SHOWN) : [];
    return [
      {
        name,
        programVersion: projection.version,
        version,
        position,
        updatedAt,
        paused: pauseOf(live),
        followed,
        workedOn,
        share: shareOfLog(position, head),
        lagSeconds: newerThanLog ? 0 : await lagSeconds(store, { position, streamPrefixes: projection.streamPrefixes }),
        newerThanLog,
        parked: { streams: count?.streams ?? 0, events: count?.events ?? 0, first },
        skipped: await readSkipped(db, name),
        next: next ? buildStanding(next, indexes.get(schemaOf(projection, 'next'))) : null,
        previous: previous ? slotStanding(previous) : null,
        check: check ? slotStanding(check) : null,
      },
    ];
  });
  return (await Promise.all(standings)).flat();
}

function pauseOf({ pausedAt, pausedBy, pauseReason }: StandingRow): Pause | null {
  return pausedAt === null ? null : { since: pausedAt, by: pausedBy, reason: pauseReason };
}

const slotStanding = ({ version, position, updatedAt }: SlotStanding): SlotStanding => ({
  version,
  position,
  updatedAt,
});

/** @param index that is made of it right now */
function buildStanding(row: StandingRow, index: IndexProgress | undefined): BuildStanding {
  const { position, target, events, busyMs, startedAt, updatedAt, failure } = row;
  return {
    ...slotStanding(row),
    startedAt: startedAt ?? updatedAt,
    progress: index
      ? { ...progressAt('indexing', events ?? 0), index }
      : { ...progressOf(position, target ?? position, events ?? 0, busyMs ?? 0), phase: null },
    failure,
  };
}

/** @param busyMs how long the events took, in milliseconds */
export function progressOf(position: Position, target: Position, events: number, busyMs: number): Progress {
  const share = shareOfLog(position, target);
  const total = share > 0 ? Math.round(events / share) : events;
  const rate = busyMs > 0 ? (events * 1000) / busyMs : 0;
  const eta = rate > 0 ? Math.ceil((total - events) / rate) : null;
  return { phase: 'reading', step: null, index: null, events, total, share, rate: Math.round(rate), eta };
}

/** Progress of tables that hold all that they are to hold. */
export function progressAt(phase: Phase, events: number): Progress {
  return { phase, step: null, index: null, events, total: events, share: 1, rate: 0, eta: null };
}

/** Of work that has not begun, since its process does something else of the kind first. */
export const WAITING: Progress = { ...progressAt('waiting', 0), share: 0 };
