import { type Kysely, type Migration, sql } from 'kysely';

/** What operators do with projections: pause them, and build their tables anew beside the live ones. */
export const rebuilds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const following = db.schema.withSchema('following');
    await following.alterTable('checkpoints').addColumn('paused_at', 'timestamptz').execute();
    await following
      .createTable('builds')
      .addColumn('checkpoint', 'text', (column) => column.primaryKey())
      .addColumn('events', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('busy_ms', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('target', sql`text collate "C"`, (column) => column.notNull())
      .addColumn('deferred_indexes', 'jsonb', (column) => column.notNull())
      .addColumn('failure', 'jsonb')
      .addColumn('started_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('updated_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
  },
};
