import { type Kysely, type Migration, sql } from 'kysely';

/** What operators had done with each projection last, whichever process did it. */
export const works: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .withSchema('following')
      .createTable('works')
      .addColumn('projection', 'text', (column) => column.primaryKey())
      .addColumn('id', 'uuid', (column) => column.notNull())
      .addColumn('process', 'text', (column) => column.notNull())
      .addColumn('operation', 'text', (column) => column.notNull())
      .addColumn('asked_by', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('started_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('ended_at', 'timestamptz')
      .addColumn('progress', 'jsonb')
      .addColumn('result', 'jsonb')
      .addColumn('error', 'jsonb')
      .execute();
  },
};
