import { type Kysely, sql } from 'kysely';

import { MEMBERSHIP_STREAMS } from '../../src/domain/streams.js';
import type { Projection } from '../../src/projecting/projection.js';

/** A projection of one number: how many events there were. `fail` may throw after the rows were changed. */
export function countingProjection(name: string, fail: () => void = () => {}): Projection {
  const schema = name.replaceAll('-', '_');
  return {
    name,
    version: 1,
    schema,
    streamPrefixes: [MEMBERSHIP_STREAMS],
    async createTables(tx) {
      await sql`create table ${sql.table(`${schema}.seen`)} (event_id uuid not null)`.execute(tx);
    },
    async apply(tx, events) {
      // No unique key: an event that came twice would be counted twice.
      const ids = events.map(({ id }) => id);
      await sql`insert into ${sql.table(`${schema}.seen`)} select unnest(${ids}::uuid[])`.execute(tx);
      fail();
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the projection's own table
export async function countOf(db: Kysely<any>, { schema }: Projection): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from ${sql.table(`${schema}.seen`)}`.execute(db);
  return rows[0]?.count ?? 0;
}
