import { type Kysely, type Migration, sql } from 'kysely';

/**
 * What the next summary to an inviter will tell, and when they were last mailed that somebody asks for a new link. Ids alone: names and
 * addresses are read from the log when the mail is made.
 */
export const digests: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table mail.digest_entries (
        event_id uuid primary key,
        workspace_id text not null,
        inviter_id text not null,
        user_id text not null,
        kind text not null,
        at timestamptz not null,
        digest_id uuid
      )`.execute(db);
    await sql`create index on mail.digest_entries (workspace_id, inviter_id) where digest_id is null`.execute(db);
    await sql`create index on mail.digest_entries (digest_id) where digest_id is not null`.execute(db);
    await sql`
      create table mail.renewal_mails (
        workspace_id text not null,
        inviter_id text not null,
        event_id uuid not null,
        at timestamptz not null,
        primary key (workspace_id, inviter_id)
      )`.execute(db);
  },
};
