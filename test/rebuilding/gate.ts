import { sql } from 'kysely';

import type { Projection } from '../../src/projecting/projection.js';
import { numbered } from './numbered.js';

const GATE = 4_711;

/** What shuts the gate, as long as its transaction is open. */
export const SHUT_GATE = `select pg_advisory_xact_lock(${GATE})`;

/**
 * The numbered projection with two more indexes. The last one that is made stays at the row of a stream as long as somebody shuts
 * the gate.
 */
export function gated(stream: string): Projection {
  return {
    ...numbered(),
    async createTables(tx) {
      await numbered().createTables(tx);
      await sql`
        create function numbered.gated(value text) returns text immutable language plpgsql as $$
        begin
          if value = ${sql.lit(`tested-${stream}`)} then
            perform pg_advisory_xact_lock_shared(${sql.lit(GATE)});
          end if;
          return value;
        end $$`.execute(tx);
      await sql`create index streams_events on numbered.streams (events)`.execute(tx);
      await sql`create index streams_gated on numbered.streams (numbered.gated(stream))`.execute(tx);
    },
  };
}
