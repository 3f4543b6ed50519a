import { type Kysely, sql } from 'kysely';
import type pg from 'pg';

import type { MailSlot } from '../database/mail-pace.js';
import type { Instant } from '../domain/lifetime.js';
import type { RecordEmailOutcome } from '../domain/membership/commands.js';
import type { MailOfIssue } from '../domain/membership/events.js';
import type { ResultKind } from '../domain/membership/results.js';

/** What there is to do, by name, and what each needs to know. Payloads rest in the database: nothing secret goes in. */
export interface JobPayloads {
  'send-invitation': {
    readonly invitationId: string;
    readonly issue: number;
    readonly attempt: number;
    /** When the mail was deferred: the end of its day. */
    readonly giveUpAt?: string;
    /** When the mail had to wait for the rate. */
    readonly slot?: MailSlot;
  } & Cause;
  'send-reminder': {
    readonly invitationId: string;
    readonly issue: number;
    /** Absent for the first one: attempts are counted within the issue, and those at the invitation come before. */
    readonly attempt?: number;
    /** Of the first one: before that, it is planned and not yet a mail that waits. */
    readonly remindAt?: string;
    readonly giveUpAt?: string;
    readonly slot?: MailSlot;
  } & Cause;
  /** What became of an attempt, as the command says it, and when. It waits here where the log could not take it then. */
  'record-outcome': Omit<RecordEmailOutcome, 'type'> & { readonly saidAt: Instant } & Cause;
  'expire-invitation': { readonly invitationId: string; readonly issue: number; readonly expiresAt: string } & Cause;
  'settle-ownership': { readonly workspaceId: string; readonly heirId: string; readonly ownerId: string } & Cause;
  /** The mail server refused a mail of the invitation because of its address. */
  'suppress-address': {
    readonly invitationId: string;
    readonly reply: string;
    readonly enhancedCode: string;
  } & Cause;
  'finish-correction': { readonly invitationId: string } & Cause;
  /** `issue` and `requestedAt` as in the event that asks for a new link. */
  'send-renewal-request': {
    readonly invitationId: string;
    readonly issue: number;
    readonly requestedAt: string;
  } & NoticeTries &
    Cause;
  'note-result': { readonly invitationId: string; readonly kind: ResultKind } & Cause;
  'gather-digest': { readonly workspaceId: string; readonly inviterId: string };
  'send-digest': { readonly workspaceId: string; readonly inviterId: string; readonly digestId: string } & NoticeTries;
  'send-sign-in-link': {
    readonly email: string;
    /** Absent in jobs of before it was asked for. */
    readonly userId?: string;
    readonly locale: string;
    /** Names the link's token, so that a mail sent twice holds the same one. */
    readonly tokenId: string;
    readonly issuedAt: string;
  };
}

/** What the job of a notice remembers between its attempts: no event tells of them. */
export interface NoticeTries {
  /** Since when, and how often, the mail server was asked. */
  readonly tried?: { readonly since: Instant; readonly times: number };
  /** When the mail had to wait for the rate. */
  readonly slot?: MailSlot;
}

/** The event that a job follows from. */
export interface Cause {
  readonly causationId: string;
  readonly correlationId: string;
}

export type JobName = keyof JobPayloads;

export type Job = {
  [Name in JobName]: {
    readonly name: Name;
    readonly payload: JobPayloads[Name];
    /** Jobs of one key are one job. */
    readonly key: string;
    /** As soon as may be where it is absent. */
    readonly runAt?: string;
  };
}[JobName];

/** The mail of an invitation's issue. Put into the queue again while it runs, it is done once more. */
export function sendInvitation(payload: JobPayloads['send-invitation'], runAt?: string): Job {
  return {
    name: 'send-invitation',
    payload,
    key: attemptKey(payload, payload.attempt),
    ...(runAt === undefined ? {} : { runAt }),
  };
}

/** The reminder of an invitation's issue. */
export function sendReminder(payload: JobPayloads['send-reminder'], runAt?: string): Job {
  return {
    name: 'send-reminder',
    payload,
    key: attemptKey({ ...payload, mail: 'reminder' }, payload.attempt),
    ...(runAt === undefined ? {} : { runAt }),
  };
}

/** The key of the job that makes an attempt at a mail. @param attempt absent for the first one at a reminder */
export function attemptKey({ invitationId, issue, mail }: MailOfIssue, attempt?: number): string {
  const name: JobName = mail === 'reminder' ? 'send-reminder' : 'send-invitation';
  return `${name}:${invitationId}:${issue}${attempt === undefined ? '' : `:${attempt}`}`;
}

/** What became of an attempt. @param key of the job that made it, of which this takes the place */
export function recordOutcome(payload: JobPayloads['record-outcome'], key: string): Job {
  return { name: 'record-outcome', payload, key };
}

/** One for each event that asks. */
export function sendRenewalRequest(payload: JobPayloads['send-renewal-request'], runAt?: string): Job {
  return {
    name: 'send-renewal-request',
    payload,
    key: `send-renewal-request:${payload.causationId}`,
    ...(runAt === undefined ? {} : { runAt }),
  };
}

/** One for each event that tells what became of an invitation. */
export function noteResult(payload: JobPayloads['note-result']): Job {
  return { name: 'note-result', payload, key: `note-result:${payload.causationId}` };
}

/** One at a time for each inviter in a workspace. */
export function gatherDigest(payload: JobPayloads['gather-digest'], runAt: string): Job {
  return { name: 'gather-digest', payload, key: `gather-digest:${payload.workspaceId}:${payload.inviterId}`, runAt };
}

export function sendDigest(payload: JobPayloads['send-digest'], runAt?: string): Job {
  return {
    name: 'send-digest',
    payload,
    key: `send-digest:${payload.digestId}`,
    ...(runAt === undefined ? {} : { runAt }),
  };
}

export function sendSignInLink(payload: JobPayloads['send-sign-in-link'], runAt?: string): Job {
  return {
    name: 'send-sign-in-link',
    payload,
    key: `send-sign-in-link:${payload.tokenId}`,
    ...(runAt === undefined ? {} : { runAt }),
  };
}

/** How often a job is tried whose store or database fails it, with pauses that grow to hours. */
const MAX_ATTEMPTS = 25;

const ADD_JOBS = `
  select count(*) from graphile_worker.add_jobs(array(
    select row(s.identifier, s.payload, s.queue_name, s.run_at, s.max_attempts, s.job_key, s.priority, s.flags)
      ::graphile_worker.job_spec
    from json_populate_recordset(null::graphile_worker.job_spec, $1::json) s), $2::boolean)`;

export interface EnqueueOptions {
  /** A job that waits under the same key keeps its time, and is not put off by the newer one. */
  readonly keepRunAt?: boolean;
}

/** Puts jobs into the queue within a transaction. Of several under one key, which the queue would refuse, the last counts. */
export async function enqueue(
  // biome-ignore lint/suspicious/noExplicitAny: adds to the queue whatever tables the connection knows
  tx: Kysely<any>,
  jobs: readonly Job[],
  { keepRunAt = false }: EnqueueOptions = {},
): Promise<void> {
  if (jobs.length === 0) return;
  const byKey = new Map(jobs.map((job) => [job.key, job]));
  const [before = '', between = '', after = ''] = ADD_JOBS.split(/\$\d/);
  await sql`${sql.raw(before)}${specsOf([...byKey.values()])}${sql.raw(between)}${keepRunAt}${sql.raw(after)}`.execute(
    tx,
  );
}

/** Takes jobs out of the queue within a transaction, by their keys. Those that have been begun are left to find out for themselves. */
// biome-ignore lint/suspicious/noExplicitAny: takes from the queue whatever tables the connection knows
export async function withdraw(tx: Kysely<any>, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`delete from graphile_worker._private_jobs where key = any(${keys}) and locked_at is null`.execute(tx);
}

/** Puts one job into the queue by itself. */
export async function enqueueNow(pool: pg.Pool, job: Job): Promise<void> {
  await pool.query(ADD_JOBS, [specsOf([job]), false]);
}

function specsOf(jobs: readonly Job[]): string {
  return JSON.stringify(
    jobs.map(({ name, payload, key, runAt }) => ({
      identifier: name,
      payload,
      run_at: runAt ?? null,
      max_attempts: MAX_ATTEMPTS,
      job_key: key,
    })),
  );
}
