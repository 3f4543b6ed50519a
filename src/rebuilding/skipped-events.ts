import { sql } from 'kysely';

import type { ParkedEvent } from '../projecting/parking.js';
import type { Poison } from '../projecting/poison-event.js';
import type { AnyDatabase } from './slot.js';

/** An event that an operator has decided to do without. */
export interface SkippedEvent extends ParkedEvent {
  /** What failed at it. */
  readonly failure: Poison | null;
  /** Why it is skipped, and who says so. */
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** What was skipped of a projection, the newest first. */
export async function readSkipped(db: AnyDatabase, projection: string): Promise<SkippedEvent[]> {
  const { rows } = await sql<SkippedEvent>`
    select event_id as id, type, stream, revision, position, failure, reason, skipped_by as by, skipped_at as at
    from following.skipped_events where projection = ${projection} order by skipped_at desc, event_id`.execute(db);
  return rows;
}
