import { sql } from 'kysely';

import { ACCOUNT_STREAMS, MEMBERSHIP_STREAMS, WORKSPACE_STREAMS } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { folding } from '../../src/projecting/folding.js';
import type { Projection, ProjectionTransaction } from '../../src/projecting/projection.js';
import { foldRows, type RowRules } from '../../src/projecting/row-rules.js';
import { dataOf, instantOf } from '../domain-event.js';
import type { UserRow } from '../users-tab/row.js';
import { usersTabRules } from '../users-tab/rules.js';

/** A workspace as its members see it: a row of `workspaces.workspaces`. */
export interface WorkspaceRow {
  readonly workspace_id: string;
  readonly name: string;
  readonly owner_id: string;
  readonly invitation_lifetime_seconds: number | null;
  readonly created_at: string;
}

/** A person, as somebody may be named to those they invited: a row of `workspaces.accounts`. */
export interface AccountRow {
  readonly user_id: string;
  readonly name: string;
}

const workspaceRules: RowRules<WorkspaceRow> = {
  table: 'workspaces.workspaces',
  key: ['workspace_id'],
  keyOf: ({ stream }) =>
    stream.startsWith(WORKSPACE_STREAMS) ? { workspace_id: stream.slice(WORKSPACE_STREAMS.length) } : undefined,
  on: {
    WorkspaceCreated: (_row, event) => {
      const { name, ownerId } = dataOf<'WorkspaceCreated'>(event);
      return {
        workspace_id: event.stream.slice(WORKSPACE_STREAMS.length),
        name,
        owner_id: ownerId,
        invitation_lifetime_seconds: null,
        created_at: instantOf(event),
      };
    },
    WorkspaceRenamed: (row, event) => row && { ...row, name: dataOf<'WorkspaceRenamed'>(event).name },
    InvitationLifetimeChanged: (row, event) =>
      row && { ...row, invitation_lifetime_seconds: dataOf<'InvitationLifetimeChanged'>(event).seconds },
    OwnershipTransferred: (row, event) => row && { ...row, owner_id: dataOf<'OwnershipTransferred'>(event).to },
  },
};

const accountRules: RowRules<AccountRow> = {
  table: 'workspaces.accounts',
  key: ['user_id'],
  keyOf: ({ stream }) =>
    stream.startsWith(ACCOUNT_STREAMS) ? { user_id: stream.slice(ACCOUNT_STREAMS.length) } : undefined,
  on: {
    AccountRegistered: (_row, event) => ({
      user_id: event.stream.slice(ACCOUNT_STREAMS.length),
      name: dataOf<'AccountRegistered'>(event).name,
    }),
    AccountRenamed: (row, event) => row && { ...row, name: dataOf<'AccountRenamed'>(event).name },
  },
};

/** What somebody is to a workspace, seen from their side: a row of `workspaces.memberships`. */
export type MembershipRow = Pick<
  UserRow,
  | 'workspace_id'
  | 'user_id'
  | 'status'
  | 'role'
  | 'invitation_id'
  | 'issue'
  | 'invited_by'
  | 'invited_at'
  | 'expires_at'
> &
  Pick<UserRow, 'email' | 'times_invited'>;

/** The same story as the users tab tells, in fewer words. */
const membershipRules: RowRules<MembershipRow> = {
  table: 'workspaces.memberships',
  key: ['workspace_id', 'user_id'],
  types: {
    workspace_id: 'text',
    user_id: 'text',
    email: 'text',
    status: 'text',
    role: 'text',
    invitation_id: 'text',
    issue: 'int4',
    invited_by: 'text',
    invited_at: 'timestamptz',
    expires_at: 'timestamptz',
    times_invited: 'int4',
  },
  keyOf: (event) => usersTabRules.keyOf(event) as Partial<MembershipRow> | undefined,
  on: Object.fromEntries(
    Object.entries(usersTabRules.on)
      .filter(([type]) => !type.startsWith('InvitationEmail'))
      .map(([type, handler]) => [
        type,
        (row: MembershipRow | undefined, event: RecordedEvent) => {
          const after = handler(row as UserRow | undefined, event);
          if (!after) return row;
          const { workspace_id, user_id, email, status, role, invitation_id, issue } = after;
          const { invited_by, invited_at, expires_at, times_invited } = after;
          return {
            workspace_id,
            user_id,
            email,
            status,
            role,
            invitation_id,
            issue,
            invited_by,
            invited_at,
            expires_at,
            times_invited,
          };
        },
      ]),
  ),
};

/** Workspaces, and which of them somebody is in or is invited to. */
export const workspaces: Projection = {
  name: 'workspaces',
  version: 1,
  schema: 'workspaces',
  streamPrefixes: [WORKSPACE_STREAMS, MEMBERSHIP_STREAMS, ACCOUNT_STREAMS],
  createTables,
  ...folding(async (tables, events) => {
    await foldRows(tables, workspaceRules, events);
    await foldRows(tables, membershipRules, events);
    await foldRows(tables, accountRules, events);
  }),
};

async function createTables(tx: ProjectionTransaction): Promise<void> {
  await sql`
    create table workspaces.workspaces (
      workspace_id text primary key,
      name text not null,
      owner_id text not null,
      invitation_lifetime_seconds integer,
      created_at timestamptz not null
    )`.execute(tx);
  await sql`create table workspaces.accounts (user_id text primary key, name text not null)`.execute(tx);
  await sql`
    create table workspaces.memberships (
      user_id text not null,
      workspace_id text not null,
      email text not null,
      status text not null,
      role text not null,
      invitation_id text,
      issue integer,
      invited_by text,
      invited_at timestamptz not null,
      expires_at timestamptz,
      times_invited integer not null,
      primary key (user_id, workspace_id)
    )`.execute(tx);
}
