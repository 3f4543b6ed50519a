import { type Kysely, type Migration, sql } from 'kysely';

/** By which event a checkpoint knows its log again after a restore; and what operators did, to be asked a year later. */
export const operating: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const following = db.schema.withSchema('following');
    await following
      .alterTable('checkpoints')
      .addColumn('witness_position', sql`text collate "C"`)
      .addColumn('witness_id', 'uuid')
      .execute();
    await following
      .createTable('journal')
      .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('projection', 'text', (column) => column.notNull())
      .addColumn('act', 'text', (column) => column.notNull())
      .addColumn('acted_by', 'text', (column) => column.notNull())
      .addColumn('acted_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('reason', 'text')
      .addColumn('detail', 'jsonb')
      .execute();
    await following.createIndex('journal_by_projection').on('journal').columns(['projection', 'id']).execute();
  },
};
