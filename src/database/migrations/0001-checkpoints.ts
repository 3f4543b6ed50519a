import { type Kysely, type Migration, sql } from 'kysely';

/** How far every follower of the log has got: projections, and the reactor. */
export const checkpoints: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createSchema('following').execute();
    await db.schema
      .withSchema('following')
      .createTable('checkpoints')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('position', sql`text collate "C"`, (column) => column.notNull())
      .addColumn('updated_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
  },
};
