import { type Kysely, type Migration, sql } from 'kysely';

/** What the REST interface keeps so that a request has its effect once: answers by idempotency key, and links used up. */
export const http: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createSchema('http').execute();
    await db.schema
      .withSchema('http')
      .createTable('idempotency_keys')
      .addColumn('id', 'bytea', (column) => column.primaryKey())
      .addColumn('fingerprint', 'bytea', (column) => column.notNull())
      .addColumn('command_id', 'uuid', (column) => column.notNull())
      .addColumn('worker', 'text')
      .addColumn('claimed_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn('answer', 'bytea')
      .execute();
    await db.schema
      .withSchema('http')
      .createIndex('idempotency_keys_by_age')
      .on('idempotency_keys')
      .column('created_at')
      .execute();
    await db.schema
      .withSchema('http')
      .createTable('redeemed_tokens')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('redeemed_by', 'uuid', (column) => column.notNull())
      .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
      .execute();
  },
};
