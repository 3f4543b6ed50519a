import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

import type { EventStore } from '../../src/event-store/event-store.js';
import { folding } from '../../src/projecting/folding.js';
import type { Projection } from '../../src/projecting/projection.js';
import { foldRows, type RowRules } from '../../src/projecting/row-rules.js';
import type { Table } from '../../src/projecting/table.js';

interface StreamRow {
  readonly stream: string;
  readonly events: number;
}

interface TotalRow {
  readonly version: number;
  readonly events: number;
}

const TOTALS: Table<TotalRow> = { table: 'numbered.totals', key: ['version'] };

/** What a version of the projection is made with. */
export interface Numbered {
  readonly version?: number;
  /** May throw, at events of its choice. */
  readonly onEvent?: (data: unknown) => void;
}

/**
 * A projection of two tables that always say the same: how many events there were, as a count of them and as a row each.
 * Both hold the version that made them.
 */
export function numbered({ version = 1, onEvent = () => {} }: Numbered = {}): Projection {
  const rules: RowRules<StreamRow> = {
    table: 'numbered.streams',
    key: ['stream'],
    keyOf: ({ stream }) => ({ stream }),
    on: {
      Tested: (row, { stream, data }) => {
        onEvent(data);
        return { stream, events: (row?.events ?? 0) + 1 };
      },
    },
  };
  return {
    name: 'numbered',
    version,
    schema: 'numbered',
    streamPrefixes: ['tested-'],
    async createTables(tx) {
      await sql`create table numbered.streams (stream text primary key, events integer not null check (events < 1000))`.execute(
        tx,
      );
      await sql`create table numbered.versions (version integer primary key)`.execute(tx);
      await sql`create table numbered.totals (version integer primary key, events bigint not null)`.execute(tx);
      await sql`insert into numbered.versions values (${version})`.execute(tx);
    },
    ...folding(async (tables, events) => {
      await foldRows(tables, rules, events);
      const totals = await tables.rows(TOTALS, [{ version }]);
      totals.put({ version, events: (totals.get({ version })?.events ?? 0) + events.length });
    }),
  };
}

/** Appends events, as many to a stream as there are numbers. */
export async function write(store: EventStore, stream: string, numbers: readonly number[]): Promise<void> {
  const at = new Date().toISOString();
  const events = numbers.map((number) => ({ id: randomUUID(), type: 'Tested', data: { number }, metadata: { at } }));
  await store.append(`tested-${stream}`, events, 'any');
}

/** What the tables say, in one statement: how many events, and the versions of both tables. */
export async function readNumbered(db: Kysely<unknown>): Promise<{ versions: number[]; events: number }> {
  const { rows } = await sql<{ versions: number[]; events: number }>`
    select array[v.version, coalesce(t.version, v.version)] as versions, coalesce(t.events, 0) as events
    from numbered.versions v left join numbered.totals t on true`.execute(db);
  const [row] = rows;
  if (!row || rows.length > 1) throw new Error(`there are ${rows.length} totals`);
  return row;
}
