import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

import type { DigestEntry } from '../commands/digests.js';
import { enqueue, gatherDigest, sendDigest } from './jobs.js';

/** How often an inviter is mailed of its own that a new link is asked for; further requests wait for the digest. */
const RENEWAL_MAIL_EVERY = sql`interval '1 day'`;

/** After this an entry is forgotten whose digest could not be sent for whatever reason. */
const KEPT = sql`interval '30 days'`;

/**
 * What waits to be told in digests. A digest is gathered once and has an id from then on: however often it is tried, it is of the same
 * entries, and the same mail.
 */
export class DigestEntries {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: touches its own tables and the job queue only
    private readonly db: Kysely<any>,
    /** How long entries gather, from the first one on, in seconds. */
    private readonly delay: number,
  ) {}

  /** Keeps an entry for the next digest, which is due a while after its first entry. The same event twice is one. */
  async note({ eventId, workspaceId, inviterId, userId, kind, at }: DigestEntry): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ due: Date }>`
        insert into mail.digest_entries (event_id, workspace_id, inviter_id, user_id, kind, at)
        values (${eventId}, ${workspaceId}, ${inviterId}, ${userId}, ${kind}, ${at})
        on conflict do nothing
        returning now() + ${this.delay}::integer * interval '1 second' as due`.execute(tx);
      const [added] = rows;
      if (!added) return;
      const due = new Date(added.due).toISOString();
      await enqueue(tx, [gatherDigest({ workspaceId, inviterId }, due)], { keepRunAt: true });
    });
  }

  /** Makes one digest of what was noted so far, and puts it into the queue. */
  async gather(workspaceId: string, inviterId: string): Promise<void> {
    const digestId = randomUUID();
    await this.db.transaction().execute(async (tx) => {
      const { rows } = await sql`
        update mail.digest_entries set digest_id = ${digestId}
        where workspace_id = ${workspaceId} and inviter_id = ${inviterId} and digest_id is null
        returning 1`.execute(tx);
      if (rows.length > 0) await enqueue(tx, [sendDigest({ workspaceId, inviterId, digestId })]);
    });
  }

  /** The entries of a digest; none once it is over. */
  async of(digestId: string): Promise<DigestEntry[]> {
    const { rows } = await sql<DigestEntry>`
      select event_id as "eventId", workspace_id as "workspaceId", inviter_id as "inviterId", user_id as "userId", kind, at
      from mail.digest_entries where digest_id = ${digestId} order by at, event_id`.execute(this.db);
    return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
  }

  /** The digest has been sent, or never will be. */
  async drop(digestId: string): Promise<void> {
    await sql`delete from mail.digest_entries where digest_id = ${digestId}`.execute(this.db);
  }

  /**
   * Whether an inviter is to be mailed of this request for a new link by itself: of the first in a day. Asked again of the same one, it
   * says the same.
   */
  async claimRenewalMail(workspaceId: string, inviterId: string, eventId: string): Promise<boolean> {
    const { rows } = await sql`
      insert into mail.renewal_mails as m (workspace_id, inviter_id, event_id, at)
      values (${workspaceId}, ${inviterId}, ${eventId}, now())
      on conflict (workspace_id, inviter_id) do update
        set event_id = excluded.event_id,
          at = case when m.event_id = excluded.event_id then m.at else excluded.at end
        where m.event_id = excluded.event_id or m.at <= now() - ${RENEWAL_MAIL_EVERY}
      returning 1`.execute(this.db);
    return rows.length > 0;
  }

  /** Forgets what is of no use any more. */
  async purge(): Promise<void> {
    await sql`delete from mail.renewal_mails where at <= now() - ${RENEWAL_MAIL_EVERY}`.execute(this.db);
    await sql`delete from mail.digest_entries where at <= now() - ${KEPT}`.execute(this.db);
  }
}
