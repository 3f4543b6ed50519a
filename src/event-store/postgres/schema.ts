import type { ClientBase } from 'pg';
import { EventStoreMissing } from '../event-store.js';
import { APPEND, READ, READ_WINDOW } from './functions.js';

/** Key of the advisory lock that lets one instance at a time look after the schema. */
const SCHEMA_LOCK = 0x4576_656e_7453_0002n;

/**
 * `data` and `metadata` are `json`, not `jsonb`: kept as the text that came, which is faster in and out, and may hold
 * what `jsonb` refuses (the character NUL).
 */
const EVENTS = `
  create table event_store.events (
    position bigint primary key,
    stream text collate "C" not null,
    revision bigint not null,
    id uuid not null,
    type text not null,
    data json not null,
    metadata json not null,
    recorded_at timestamptz not null default clock_timestamp(),
    unique (stream, revision)
  );
`;

const VERSIONS = `
  create schema if not exists event_store;
  create table event_store.versions (
    version integer primary key,
    applied_at timestamptz not null default now()
  );
`;

/** Each step is applied once, in this order. One that has been released is never changed: another is added. */
const STEPS: readonly string[] = [EVENTS + APPEND + READ + READ_WINDOW];

/**
 * Brings the schema up to date. Many instances may do it at once.
 *
 * @throws Error when the schema is newer than this code
 */
export async function migrate(client: ClientBase): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(${SCHEMA_LOCK})`);
    const version = await installedVersion(client);
    if (version === 0) await client.query(VERSIONS);
    for (const [index, step] of STEPS.entries()) {
      if (index < version) continue;
      await client.query(step);
      await client.query('insert into event_store.versions (version) values ($1)', [index + 1]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/**
 * Makes sure that the schema is the one that this code knows, by reading alone.
 *
 * @throws EventStoreMissing where there is none, or an older one
 * @throws Error when it is newer than this code
 */
export async function requireInstalled(client: ClientBase): Promise<void> {
  if ((await installedVersion(client)) >= STEPS.length) return;
  throw new EventStoreMissing(
    'there is no log of this release in the database: start the service on it once, or say with EVENT_STORE where the log is',
  );
}

/** 0 where there is none. Asks before anything is created: who may only use the schema must be able to open the store. */
async function installedVersion(client: ClientBase): Promise<number> {
  const found = await client.query(`select where to_regclass('event_store.versions') is not null`);
  if (found.rowCount === 0) return 0;
  const { rows } = await client.query<{ version: unknown }>('select max(version) as version from event_store.versions');
  const version = Number(rows[0]?.version);
  if (version <= STEPS.length) return version;
  throw new Error(`the schema event_store has version ${version}, this code knows ${STEPS.length}: update it`);
}
