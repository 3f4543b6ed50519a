import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';

import type { EventStore, Position } from '../event-store/event-store.js';
import { unlessAborted } from '../event-store/unless-aborted.js';
import { moveCheckpoint, raiseEpoch } from '../projecting/checkpoint.js';
import type { Projection } from '../projecting/projection.js';
import { inTime } from './in-time.js';
import { type Act, type Decision, record } from './journal.js';
import { readUpTo } from './read-up-to.js';
import { SetAside } from './set-aside.js';
import { type AnyDatabase, checkpointOf, inSlot, type Slot, schemaOf, tablesOf } from './slot.js';

/** Whenever the switch tried, readers held the tables, or the event store was silent. */
export class SwitchTimedOut extends Error {
  override readonly name = 'SwitchTimedOut';
  readonly code = 'switch-timed-out';
}

/** How long a switch waits for a table, and readers behind it wait for the switch, in milliseconds. */
const LOCK_TIMEOUT = 100;

/**
 * How long it waits for whoever maintains a table, in milliseconds: Postgres calls off its own vacuum, which tables that have just been
 * filled nearly always have, when somebody has waited for it for a second (`deadlock_timeout`).
 */
const MAINTENANCE_TIMEOUT = 3_000;

const ATTEMPTS = 50;

/** How long the event store may take to tell what came meanwhile, in milliseconds: so long no reader gets at the tables. */
const GAP_PATIENCE = 1_000;

/** The event store was silent while the tables were held: they are let go. */
class GapUnread extends Error {
  override readonly name = 'GapUnread';
  readonly code = 'gap-unread';
}

/** Events that came while the switch waited for its turn, at most some hundreds; read in pieces of so many. */
const GAP_PIECE = 5_000;

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

export interface SwitchOptions {
  readonly db: AnyDatabase;
  readonly store: EventStore;
  readonly projection: Projection;
  /** Whose tables take the place of the live ones; the live ones take that of the previous. */
  readonly slot: Exclude<Slot, 'check'>;
  readonly signal: AbortSignal;
  /** What the journal is to say of it. */
  readonly act: Act;
  readonly decision: Decision;
}

interface Standing {
  readonly version: number;
  readonly position: Position;
}

/**
 * Puts the tables of a slot in place of the live ones, in one transaction.
 *
 * It has every table of both for itself before a name changes. So no statement can have found one table under its old name
 * and find the next under its new one; and what waits for a table looks its name up again and goes on with the new.
 * Whoever waits with a table in hand could wait for the switch that waits for them: therefore it is the switch that gives
 * way, soon, and tries again.
 *
 * The slot is brought to where the live tables stand within that transaction. So the position that readers wait for never
 * goes back, and the live follower goes on with its next batch as if nothing had happened.
 *
 * An event store that falls silent just then must not keep readers out either: the switch gives way, and tries again once the
 * store answers.
 *
 * @throws SwitchTimedOut, EventStoreUnavailable
 */
export async function switchTables(options: SwitchOptions): Promise<Standing> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptSwitch(options);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== LOCK_NOT_AVAILABLE && code !== DEADLOCK && !(error instanceof GapUnread)) throw error;
      if (attempt === ATTEMPTS || options.signal.aborted) {
        throw new SwitchTimedOut(
          error instanceof GapUnread
            ? `the event store does not answer in time for ${options.projection.name}; nothing was changed, try again`
            : `readers of ${options.projection.name} hold its tables all the time; nothing was changed, try again`,
          { cause: error },
        );
      }
      await delay(LOCK_TIMEOUT * Math.random());
    }
  }
}

async function attemptSwitch(options: SwitchOptions): Promise<Standing> {
  const { db, store, projection, slot, signal, act, decision } = options;
  const name = checkpointOf(projection, slot);
  // Whoever waits for the store does so before anything is held.
  await unlessAborted(store.head(), signal);
  return inSlot(db, projection, slot)
    .transaction()
    .execute(async (redirected) => {
      const tx = redirected.withoutPlugins();
      const tables = [...(await tablesOf(tx, projection.schema)), ...(await tablesOf(tx, schemaOf(projection, slot)))];
      // A vacuum is waited for in a mode that keeps neither readers nor the live follower waiting behind it.
      await lock(tx, tables, 'share update exclusive', MAINTENANCE_TIMEOUT);
      await lock(tx, tables, 'access exclusive', LOCK_TIMEOUT);
      const live = await lockStanding(tx, projection.name);
      const built = await lockStanding(tx, name);
      const aside = await SetAside.read(tx, projection, slot);
      let { position } = built;
      const range = {
        after: position,
        upTo: live.position,
        streamPrefixes: projection.streamPrefixes,
        size: GAP_PIECE,
      };
      await inTime(GAP_PATIENCE, signal, async (within) => {
        for await (const piece of readUpTo(store, { ...range, signal: within })) {
          await aside.apply(redirected, piece.events);
          await moveCheckpoint(tx, name, position, piece.position, { witness: piece.events.at(-1) });
          position = piece.position;
        }
      });
      signal.throwIfAborted();
      if (position < live.position) throw new GapUnread(`the log was not told as far as ${live.position}`);
      await rename(tx, projection, slot);
      await moveStandings(tx, projection, slot, built.version);
      await moveParked(tx, projection, slot);
      const detail = { from: live.version, to: built.version, position };
      await record(tx, projection.name, act, decision, detail);
      return { version: built.version, position };
    });
}

async function lockStanding(tx: AnyDatabase, name: string): Promise<Standing> {
  const { rows } = await sql<Standing>`
    select version, position from following.checkpoints where name = ${name} for update`.execute(tx);
  if (!rows[0]) throw new Error(`there is no checkpoint of ${name}`);
  return rows[0];
}

async function rename(tx: AnyDatabase, projection: Projection, slot: SwitchOptions['slot']): Promise<void> {
  const aside = `${projection.schema}__aside`;
  for (const [from, to] of [
    [projection.schema, aside],
    [schemaOf(projection, slot), projection.schema],
    [aside, schemaOf(projection, 'previous')],
  ] as const) {
    await sql`alter schema ${sql.id(from)} rename to ${sql.id(to)}`.execute(tx);
  }
}

async function moveStandings(
  tx: AnyDatabase,
  projection: Projection,
  slot: SwitchOptions['slot'],
  version: number,
): Promise<void> {
  const checkpoint = checkpointOf(projection, slot);
  await sql`delete from following.checkpoints where name = ${checkpoint}`.execute(tx);
  await sql`delete from following.builds where checkpoint = ${checkpoint}`.execute(tx);
  await sql`
    insert into following.checkpoints (name, version, position, witness_position, witness_id)
    select ${checkpointOf(projection, 'previous')}, version, position, witness_position, witness_id
    from following.checkpoints where name = ${projection.name}`.execute(tx);
  await sql`
    update following.checkpoints set version = ${version}, updated_at = now() where name = ${projection.name}`.execute(
    tx,
  );
}

/** What is parked goes with the tables that lack it. */
async function moveParked(tx: AnyDatabase, projection: Projection, slot: SwitchOptions['slot']): Promise<void> {
  const aside = `${projection.name}:aside`;
  let moved = 0n;
  for (const [from, to] of [
    [projection.name, aside],
    [checkpointOf(projection, slot), projection.name],
    [aside, checkpointOf(projection, 'previous')],
  ] as const) {
    const { numAffectedRows = 0n } = await sql`
      update following.parked_events set checkpoint = ${to} where checkpoint = ${from}`.execute(tx);
    moved += numAffectedRows;
  }
  if (moved > 0n) await raiseEpoch(tx, projection.name);
}

/** @param timeout milliseconds, for each table */
async function lock(tx: AnyDatabase, tables: readonly string[], mode: string, timeout: number): Promise<void> {
  await sql`set local lock_timeout = ${sql.lit(timeout)}`.execute(tx);
  await sql`lock table ${sql.join(tables.map((table) => sql.table(table)))} in ${sql.raw(mode)} mode`.execute(tx);
}
