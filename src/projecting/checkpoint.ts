import { type Kysely, sql, type Transaction } from 'kysely';

import type { Position } from '../event-store/event-store.js';

/** Another instance moved the checkpoint: it leads now, and whoever gets this must stop at once. */
export class LeadershipLost extends Error {
  override readonly name = 'LeadershipLost';
  readonly code = 'leadership-lost';
}

/** The tables were made by a version of the program that this one is not. */
export class VersionMismatch extends Error {
  override readonly name = 'VersionMismatch';
  readonly code = 'projection-version-mismatch';
}

/** An operator has paused the projection; it goes on from its checkpoint when it is resumed. */
export class ProjectionPaused extends Error {
  override readonly name = 'ProjectionPaused';
  readonly code = 'projection-paused';
}

// biome-ignore lint/suspicious/noExplicitAny: works with whatever tables the connection knows
type Connection = Kysely<any> | Transaction<any>;

/** An event that stood at a position: by it a follower knows its log again. */
export interface Witness {
  readonly id: string;
  readonly position: Position;
}

/** Where something stands in the log. */
export interface Place {
  readonly position: Position;
  /**
   * The last event known to stand at or before the position: not always one that the follower wants, for its checkpoint moves
   * past others too. Null before the first, and where an earlier release moved the checkpoint last.
   */
  readonly witness: Witness | null;
}

export interface Checkpoint extends Place {
  readonly version: number;
  readonly updatedAt: string;
  /** When an operator paused it. */
  readonly pausedAt: string | null;
  /** Goes up whenever somebody else than its follower changes what is parked. */
  readonly epoch: number;
}

/** The columns of a checkpoint. */
const CHECKPOINT = sql`
  version, position, updated_at as "updatedAt", paused_at as "pausedAt", epoch,
  case when witness_id is not null then json_build_object('id', witness_id, 'position', witness_position) end as witness`;

/** Where a follower stands; undefined when it never started. */
export async function readCheckpoint(db: Connection, name: string): Promise<Checkpoint | undefined> {
  const { rows } = await sql<Checkpoint>`
    select ${CHECKPOINT} from following.checkpoints where name = ${name}`.execute(db);
  return rows[0];
}

/** Where all followers stand, and the tables beside the live ones, by name. */
export async function readCheckpoints(db: Connection): Promise<Map<string, Checkpoint>> {
  const { rows } = await sql<Checkpoint & { readonly name: string }>`
    select name, ${CHECKPOINT} from following.checkpoints`.execute(db);
  return new Map(rows.map(({ name, ...checkpoint }) => [name, checkpoint]));
}

/** Notes that a follower starts at a position, once. */
export async function startCheckpoint(tx: Connection, name: string, version: number, at: Position): Promise<void> {
  await sql`
    insert into following.checkpoints (name, version, position) values (${name}, ${version}, ${at})
    on conflict (name) do nothing`.execute(tx);
}

/** Followers announce here how far they are: `<name> <position>`. */
export const CHECKPOINT_CHANNEL = 'checkpoint_moved';

/**
 * Moves a checkpoint within the transaction that holds what it stands for, and tells every instance when that commits.
 * Compares before it sets: a leader that does not know yet that it was replaced, or paused, or that its tables were switched
 * for those of another version, or that what is parked was changed, fails here, and its rows with it.
 *
 * @param known what the follower took its checkpoint to be when it started; and an event at `to` or shortly before it
 * @throws LeadershipLost
 */
export async function moveCheckpoint(
  tx: Connection,
  name: string,
  from: Position,
  to: Position,
  known: Partial<Pick<Checkpoint, 'version' | 'epoch'>> & { readonly witness?: Witness | undefined } = {},
): Promise<void> {
  const { version = null, epoch = null, witness } = known;
  const { rows } = await sql`
    with moved as (
      update following.checkpoints set position = ${to}, updated_at = now(),
        witness_position = coalesce(${witness?.position ?? null}, witness_position),
        witness_id = coalesce(${witness?.id ?? null}::uuid, witness_id)
      where name = ${name} and position = ${from} and paused_at is null
        and version = coalesce(${version}::integer, version) and epoch = coalesce(${epoch}::integer, epoch)
      returning 1
    )
    select pg_notify(${CHECKPOINT_CHANNEL}, ${`${name} ${to}`}) from moved`.execute(tx);
  if (rows.length !== 1)
    throw new LeadershipLost(`another instance has moved the checkpoint of ${name}, or an operator has changed it`);
}

/**
 * Holds a follower still where it stands until the transaction ends, whoever leads it. What an operator changes meanwhile it
 * does not know of: `raiseEpoch` makes it start over from its checkpoint.
 */
export async function holdCheckpoint(tx: Connection, name: string): Promise<Checkpoint | undefined> {
  const { rows } = await sql<Checkpoint>`
    select ${CHECKPOINT} from following.checkpoints where name = ${name} for update`.execute(tx);
  return rows[0];
}

/** Makes whoever leads a follower look again at what is parked, before it writes anything else. */
export async function raiseEpoch(tx: Connection, name: string): Promise<void> {
  await sql`update following.checkpoints set epoch = epoch + 1 where name = ${name}`.execute(tx);
}
