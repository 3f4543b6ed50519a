import { sql } from 'kysely';

import type { Position } from '../event-store/event-store.js';
import type { Projection } from '../projecting/projection.js';
import type { AnyDatabase } from './slot.js';

/** Where the live tables stand. */
export async function livePosition(db: AnyDatabase, { name }: Projection): Promise<Position> {
  const { rows } = await sql<{ position: Position }>`
    select position from following.checkpoints where name = ${name}`.execute(db);
  if (!rows[0]) throw new Error(`the tables of ${name} have not been made; start the service once`);
  return rows[0].position;
}
