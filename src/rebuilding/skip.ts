import { sql } from 'kysely';

import { raiseEpoch, readCheckpoint } from '../projecting/checkpoint.js';
import { firstParked, unpark } from '../projecting/parking.js';
import { type EntryId, record } from './journal.js';
import { OperationRefused } from './operation-refused.js';
import { holdLive, NOTHING_REPLAYED, type ParkedWork, type Retried, replay } from './replay.js';
import { nothingParked } from './retry.js';
import { readSkipped, type SkippedEvent } from './skipped-events.js';
import { checkpointOf } from './slot.js';

/** A decision that is not made without saying who made it, and why. */
export interface AccountedDecision {
  /** Why the event is not needed, or is needed after all, in words for whoever reads it in a year. */
  readonly reason: string;
  /** Who decides so. */
  readonly by: string;
}

/** An event that was skipped, and what came of those behind it. */
export interface Skipped {
  readonly skipped: SkippedEvent;
  readonly retried: Retried;
}

/**
 * Leaves out the first parked event of a stream for good, here and in every rebuild, and projects what waits behind it.
 *
 * @throws OperationRefused `nothing-parked`, `rebuilt-with-event`; and what `replay` throws
 */
export async function skip(work: ParkedWork, stream: string, decision: AccountedDecision): Promise<Skipped> {
  await requireNotRebuiltWith(work, stream);
  const { skipped, entry } = await skipFirst(work, stream, decision);
  return { skipped, retried: await replay(work, [stream], entry) };
}

/** Leaves out the first parked event of a stream, and says so where it is kept for good. The later ones are not touched. */
async function skipFirst(
  { db, projection }: ParkedWork,
  stream: string,
  decision: AccountedDecision,
): Promise<{ readonly skipped: SkippedEvent; readonly entry: EntryId }> {
  const { name } = projection;
  return db.transaction().execute(async (tx) => {
    await holdLive(tx, projection);
    const [first] = await firstParked(tx, name, stream, 1);
    if (!first) throw nothingParked(stream);
    await sql`
      insert into following.skipped_events
        (projection, event_id, stream, revision, position, type, failure, reason, skipped_by)
      select checkpoint, event_id, stream, revision, position, type, failure, ${decision.reason}, ${decision.by}
      from following.parked_events
      where checkpoint = ${name} and stream = ${stream} and revision = ${first.revision}`.execute(tx);
    await unpark(tx, name, [first]);
    await raiseEpoch(tx, name);
    const entry = await record(tx, name, 'skipped', decision, { event: first, ...NOTHING_REPLAYED });
    return { skipped: await skippedEvent(tx, name, first.id), entry };
  });
}

/**
 * Forgets that an event is left out. Who did so and why, then and now, is kept. The live tables stay as they are: the event is in
 * them once they have been rebuilt.
 *
 * @param id of the event
 * @throws OperationRefused `not-skipped`, `rebuilt-without-event`
 */
export async function withdrawSkip(
  { db, projection }: ParkedWork,
  id: string,
  decision: AccountedDecision,
): Promise<SkippedEvent> {
  const { name } = projection;
  const skipped = await skippedEvent(db, name, id);
  const built = await readCheckpoint(db, checkpointOf(projection, 'next'));
  if (built && built.position >= skipped.position) {
    throw new OperationRefused(
      'rebuilt-without-event',
      `${name} is being rebuilt without this event; drop what is being built first: projections drop ${name} --next`,
    );
  }
  await db.transaction().execute(async (tx) => {
    await sql`delete from following.skipped_events where projection = ${name} and event_id = ${id}`.execute(tx);
    const { type, stream, revision, position, reason, by, at } = skipped;
    const event = { id, type, stream, revision, position };
    await record(tx, name, 'skip-withdrawn', decision, { event, skipped: { reason, by, at } });
  });
  return skipped;
}

/** @throws OperationRefused `not-skipped` */
async function skippedEvent(db: ParkedWork['db'], projection: string, id: string): Promise<SkippedEvent> {
  const skipped = (await readSkipped(db, projection)).find((each) => each.id === id);
  if (skipped) return skipped;
  throw new OperationRefused('not-skipped', `event ${id} of ${projection} was not skipped`);
}

/** Tables that are built with an event could not equal live ones that are to do without it. */
async function requireNotRebuiltWith({ db, projection }: ParkedWork, stream: string): Promise<void> {
  const { name } = projection;
  const { rows } = await sql`
    select 1 from following.checkpoints b join following.parked_events p on p.position <= b.position
    where b.name = ${checkpointOf(projection, 'next')} and p.checkpoint = ${name} and p.stream = ${stream}
    limit 1`.execute(db);
  if (rows.length === 0) return;
  throw new OperationRefused(
    'rebuilt-with-event',
    `${name} is being rebuilt and could deal with this event: retry it, or drop what is being built first: ` +
      `projections drop ${name} --next`,
  );
}
