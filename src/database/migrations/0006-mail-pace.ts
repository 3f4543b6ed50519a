import { type Kysely, type Migration, sql } from 'kysely';

/**
 * When the next mail may go: one row for all mails, one for each domain they go to. Unlogged, since a crash of the database that
 * forgets it costs a second's rate at most, and flushing it to disk would cost every mail.
 */
export const mailPace: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createSchema('mail').execute();
    await sql`
      create unlogged table mail.pace (
        key text primary key,
        next_at timestamptz not null
      )`.execute(db);
  },
};
