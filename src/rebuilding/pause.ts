import { sql } from 'kysely';

import { type Decision, record } from './journal.js';
import type { AnyDatabase } from './slot.js';

/**
 * Stops a projection in every instance after the batch under way, or lets it go on from its checkpoint.
 *
 * @returns whether that changed anything
 */
export async function setPaused(
  db: AnyDatabase,
  projection: string,
  paused: boolean,
  decision: Decision,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql`
      update following.checkpoints set paused_at = case when ${paused}::boolean then now() end
      where name = ${projection} and (paused_at is null) = ${paused}::boolean returning 1`.execute(tx);
    if (rows.length > 0) await record(tx, projection, paused ? 'paused' : 'resumed', decision);
    return rows.length > 0;
  });
}
