import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';

import { CopyCursor } from './copy-cursor.js';

/** How far a follower of the log has got. */
export interface CheckpointTable {
  name: string;
  version: number;
  position: string;
  updated_at: Date;
}

/** The tables that are not a projection's own. */
export interface Database {
  'following.checkpoints': CheckpointTable;
}

/** The query builder over a pool. Ending the pool is its owner's business. */
export function createDatabase<Tables = Database>(pool: pg.Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool, cursor: CopyCursor }) });
}
