import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Events that projections could not deal with: parked until they are retried, or skipped for good. They are named, not
 * copied: what they hold stays in the log alone.
 */
export const parking: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const following = db.schema.withSchema('following');
    await following
      .alterTable('checkpoints')
      .addColumn('epoch', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await following
      .createTable('parked_events')
      .addColumn('checkpoint', 'text', (column) => column.notNull())
      .addColumn('stream', sql`text collate "C"`, (column) => column.notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('position', sql`text collate "C"`, (column) => column.notNull())
      .addColumn('event_id', 'uuid', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('parked_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('failure', 'jsonb')
      .addColumn('tries', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('tried_at', 'timestamptz')
      .addPrimaryKeyConstraint('parked_events_key', ['checkpoint', 'stream', 'revision'])
      .execute();
    await following
      .createTable('skipped_events')
      .addColumn('projection', 'text', (column) => column.notNull())
      .addColumn('event_id', 'uuid', (column) => column.notNull())
      .addColumn('stream', 'text', (column) => column.notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('position', sql`text collate "C"`, (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('failure', 'jsonb')
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('skipped_by', 'text', (column) => column.notNull())
      .addColumn('skipped_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addPrimaryKeyConstraint('skipped_events_key', ['projection', 'event_id'])
      .execute();
  },
};
