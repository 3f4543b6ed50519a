import { sql } from 'kysely';

import type { ProjectionTransaction } from '../../src/projecting/projection.js';
import type { Table } from '../../src/projecting/table.js';
import type { ChainRow } from './row.js';

/** The number by which records know a workspace: a row of `audit_history.workspaces`. */
export interface WorkspaceRow {
  readonly workspace_id: string;
  readonly number: number;
}

/** The number by which the records of a workspace know a type of event: a row of `audit_history.kinds`. */
export interface KindRow {
  readonly workspace_id: string;
  readonly type: string;
  readonly number: number;
}

/** How many numbers have been given, to whatever has one: the row of `audit_history.counters`. */
export interface CounterRow {
  readonly counter: 'numbers';
  readonly count: number;
}

/** What somebody was called by the events of a workspace, from a record on: a row of `audit_history.names`. */
export interface NameRow {
  readonly workspace_id: string;
  readonly user_id: string;
  /** Of the first record that calls them so, or that mentions them at all. */
  readonly sequence: number;
  /** The number by which the records of the workspace know them, whatever they are called. */
  readonly person: number;
  readonly email: string | null;
  readonly name: string | null;
  /** Both as they are searched by; empty where there is neither. */
  readonly search: string;
}

/** What records say besides what people are called: a row of `audit_history.texts`. */
export interface TextRow {
  readonly workspace_id: string;
  readonly text_id: number;
  readonly search: string;
}

export const WORKSPACES: Table<WorkspaceRow> = { table: 'audit_history.workspaces', key: ['workspace_id'] };
export const KINDS: Table<KindRow> = { table: 'audit_history.kinds', key: ['workspace_id', 'type'] };
export const COUNTERS: Table<CounterRow> = { table: 'audit_history.counters', key: ['counter'] };
export const CHAIN: Table<ChainRow> = {
  table: 'audit_history.chain',
  key: ['workspace'],
  since: 'sequence',
  // A kilobyte where the event is part of it.
  weight: 25,
  types: {
    workspace: 'int8',
    sequence: 'int8',
    clock: 'timestamptz',
    kind: 'int8',
    actor: 'int8',
    subject: 'int8',
    text_id: 'int8',
    hash: 'bytea',
    search: 'text',
    position: 'text',
    copy: 'text',
  },
};
export const NAMES: Table<NameRow> = {
  table: 'audit_history.names',
  key: ['workspace_id', 'user_id'],
  since: 'sequence',
};
export const TEXTS: Table<TextRow> = {
  table: 'audit_history.texts',
  key: ['workspace_id', 'text_id'],
  // Mail servers tell each mail by a number of its own, so that nearly every reply is a text; messages are longer still.
  weight: 12,
};

/**
 * `chain`: a record for each event; `search` is what can be searched for, a text a line. The event itself is in the log, at `position`,
 * where that gives it as soon as this table would; else `copy` has it.
 * `workspaces`, `kinds`, `names`: the numbers by which records know a workspace, and in it a type and a person. No two of all these are
 * the same, so that an index of records by one of them needs no workspace. All are given in the order of the log, so that a rebuild
 * gives the same.
 * `names`, `texts`: the same texts, each once, with what they are found by: of a million records, a tenth are texts or fewer.
 */
export async function createTables(tx: ProjectionTransaction): Promise<void> {
  await sql`create extension if not exists pg_trgm with schema public`.execute(tx);
  await sql`create extension if not exists btree_gin with schema public`.execute(tx);
  await sql`
    create table audit_history.chain (
      workspace bigint not null,
      sequence bigint not null,
      clock timestamptz not null,
      kind bigint not null,
      actor bigint,
      subject bigint,
      text_id bigint,
      hash bytea not null,
      search text not null,
      position text collate "C",
      copy text,
      primary key (workspace, sequence)
    )`.execute(tx);
  await sql`
    create table audit_history.workspaces (
      workspace_id text collate "C" primary key,
      number bigint not null
    )`.execute(tx);
  await sql`
    create table audit_history.kinds (
      workspace_id text collate "C" not null,
      type text collate "C" not null,
      number bigint not null,
      primary key (workspace_id, type)
    )`.execute(tx);
  await sql`
    create table audit_history.counters (
      counter text primary key,
      count bigint not null
    )`.execute(tx);
  await sql`
    create table audit_history.names (
      workspace_id text collate "C" not null,
      user_id text collate "C" not null,
      sequence bigint not null,
      person bigint not null,
      email text,
      name text,
      search text not null,
      primary key (workspace_id, user_id, sequence)
    )`.execute(tx);
  await sql`
    create table audit_history.texts (
      workspace_id text collate "C" not null,
      text_id bigint not null,
      search text not null,
      primary key (workspace_id, text_id)
    )`.execute(tx);
  // Each in the order of the chain, so that a page of one kind is read from its beginning. By time there is none: see `firstFrom`.
  for (const column of ['kind', 'actor', 'subject', 'text_id']) {
    await sql`
      create index ${sql.ref(`chain_by_${column}`)} on audit_history.chain (${sql.ref(column)}, sequence)`.execute(tx);
  }
  await sql`create unique index names_by_person on audit_history.names (person, sequence)`.execute(tx);
  // The workspace last: an index goes through its columns in order, and for each name that has some of a text would look for it among all of
  // the workspace's first.
  for (const table of ['names', 'texts']) {
    await sql`
      create index ${sql.ref(`${table}_by_search`)} on ${sql.table(`audit_history.${table}`)}
      using gin (search gin_trgm_ops, workspace_id)`.execute(tx);
  }
}
