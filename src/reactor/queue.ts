import { type Kysely, sql } from 'kysely';

import type { JobName } from './jobs.js';

// biome-ignore lint/suspicious/noExplicitAny: reads the queue, whatever tables the connection knows
type Connection = Kysely<any>;

const MAILS: readonly JobName[] = [
  'send-invitation',
  'send-reminder',
  'send-renewal-request',
  'send-digest',
  'send-sign-in-link',
];

/** The job of a mail, and not that of a reminder whose time is yet to come. */
const IS_WAITING_MAIL = sql`
  t.identifier = any(${MAILS}) and coalesce((j.payload ->> 'remindAt')::timestamptz <= now(), true)`;

/** The jobs of one kind, by how they stand. */
export interface QueueSize {
  readonly name: string;
  /** Due, and not begun. */
  readonly due: number;
  /** To be done at a time to come. */
  readonly later: number;
  readonly running: number;
  /** Tried as often as may be; only a person makes them due again. */
  readonly exhausted: number;
  /** Since when the one waits that has been due longest. */
  readonly oldestDueAt: string | null;
}

/** A mail that has not been sent. Addresses are in the log and in the mail, and not here. */
export interface QueuedMail {
  readonly id: number;
  readonly name: string;
  /** What the mail is about; null for a sign-in mail. */
  readonly invitationId: string | null;
  readonly issue: number | null;
  /** Which attempt at the mail server this will be; null for the first at a reminder, and for mails without attempts. */
  readonly attempt: number | null;
  readonly dueAt: string;
  readonly running: boolean;
  /** How often the job itself was tried, and may be. */
  readonly tries: number;
  readonly mostTries: number;
  readonly lastError: string | null;
}

/** How many jobs there are of each kind. */
export async function readQueueSizes(db: Connection): Promise<QueueSize[]> {
  const { rows } = await sql<QueueSize>`
    select t.identifier as name,
      count(*) filter (where j.id is not null and j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now())
        as due,
      count(*) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at > now()) as later,
      count(*) filter (where j.locked_at is not null) as running,
      count(*) filter (where j.locked_at is null and j.attempts >= j.max_attempts) as exhausted,
      min(j.run_at) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now())
        as "oldestDueAt"
    from graphile_worker._private_tasks t left join graphile_worker._private_jobs j on j.task_id = t.id
    group by t.identifier order by t.identifier`.execute(db);
  return rows;
}

/** The mails that wait, those first that are due first; planned reminders are none of them. */
export async function readQueuedMails(db: Connection, limit: number): Promise<QueuedMail[]> {
  const { rows } = await sql<QueuedMail>`
    select j.id, t.identifier as name, j.payload ->> 'invitationId' as "invitationId",
      (j.payload ->> 'issue')::integer as issue, (j.payload ->> 'attempt')::integer as attempt, j.run_at as "dueAt",
      j.locked_at is not null as running, j.attempts as tries, j.max_attempts as "mostTries", j.last_error as "lastError"
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where ${IS_WAITING_MAIL} order by j.run_at, j.id limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, lastError: withoutAddresses(row.lastError) }));
}

/**
 * Makes mails that wait due now: those put off, and those tried as often as may be, which get one more try. What is being sent is
 * left alone.
 *
 * @param id the only one; all where it is absent
 * @returns how many
 */
export async function makeMailsDue(db: Connection, id?: number): Promise<number> {
  const { rows } = await sql`
    update graphile_worker._private_jobs j
    set run_at = now(), attempts = least(j.attempts, j.max_attempts - 1), updated_at = now()
    from graphile_worker._private_tasks t
    where t.id = j.task_id and ${IS_WAITING_MAIL} and j.locked_at is null
      and (j.run_at > now() or j.attempts >= j.max_attempts)
      and j.id = coalesce(${id ?? null}::bigint, j.id)
    returning 1`.execute(db);
  if (rows.length > 0) await sql`select pg_notify('jobs:insert', '{"r":1,"count":1}')`.execute(db);
  return rows.length;
}

/** What a mail server says often names the address that it says it of. */
function withoutAddresses(text: string | null): string | null {
  return text === null ? null : text.replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;]+/g, '(address)');
}
