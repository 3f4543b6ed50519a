import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: its own table, whatever tables the connection knows
type Connection = Kysely<any>;

/** What somebody did with a projection. */
export type Act =
  | 'paused'
  | 'resumed'
  | 'switched'
  | 'switched-back'
  | 'upgraded'
  | 'dropped'
  | 'retried'
  | 'skipped'
  | 'skip-withdrawn';

/** Who acts, and why. */
export interface Decision {
  /** The service itself where it is absent, as when a release brings tables of its own. */
  readonly by?: string;
  readonly reason?: string;
}

export interface JournalEntry {
  readonly act: Act;
  readonly by: string;
  readonly at: string;
  readonly reason: string | null;
  /** What it was done to; never what rows or events hold. */
  readonly detail: object | null;
}

const SERVICE = 'the service';

/** By which an entry is found again. */
export type EntryId = number;

/** Keeps what somebody did, in the transaction in which it is done. */
export async function record(
  tx: Connection,
  projection: string,
  act: Act,
  { by = SERVICE, reason }: Decision,
  detail?: object,
): Promise<EntryId> {
  await waitForDisk(tx);
  const { rows } = await sql<{ id: EntryId }>`
    insert into following.journal (projection, act, acted_by, reason, detail)
    values (${projection}, ${act}, ${by}, ${reason ?? null}, ${detail ? JSON.stringify(detail) : null})
    returning id`.execute(tx);
  const [entry] = rows;
  if (!entry) throw new Error('the journal took no entry');
  return entry.id;
}

/** Adds to the detail of an entry, as what it tells of goes on. */
export async function amend(tx: Connection, entry: EntryId, detail: object): Promise<void> {
  await waitForDisk(tx);
  await sql`
    update following.journal set detail = coalesce(detail, '{}') || ${JSON.stringify(detail)}::jsonb
    where id = ${entry}`.execute(tx);
}

/** A person's decision is not made again by reading the log. */
async function waitForDisk(tx: Connection): Promise<void> {
  await sql`set local synchronous_commit = on`.execute(tx);
}

/** What was done with a projection, the newest first. */
export async function readJournal(db: Connection, projection: string, limit: number): Promise<JournalEntry[]> {
  const { rows } = await sql<JournalEntry>`
    select act, acted_by as by, acted_at as at, reason, detail from following.journal
    where projection = ${projection} order by id desc limit ${limit}`.execute(db);
  return rows;
}
