import { type Kysely, sql } from 'kysely';

import { LIFETIME } from '../../src/domain/lifetime.js';
import type { InvitableRole, Role } from '../../src/domain/role.js';

export interface WorkspaceView {
  readonly workspaceId: string;
  readonly name: string;
  readonly ownerId: string;
  readonly invitationLifetimeSeconds: number;
  readonly createdAt: string;
}

export interface WorkspaceOfAccount {
  readonly workspaceId: string;
  readonly name: string;
  readonly role: Role;
}

export interface InvitationOfAccount {
  readonly invitationId: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly role: InvitableRole;
  readonly invitedBy: string;
  readonly inviterName: string | null;
  readonly expiresAt: string;
  readonly issue: number;
}

/** Workspaces as their members, and those invited, see them. */
export class WorkspaceQueries {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the projection's own tables, asked in SQL
    private readonly db: Kysely<any>,
  ) {}

  async get(workspaceId: string): Promise<WorkspaceView | undefined> {
    const { rows } = await sql<WorkspaceView>`
      select workspace_id as "workspaceId", name, owner_id as "ownerId",
        coalesce(invitation_lifetime_seconds, ${LIFETIME.usual}::integer) as "invitationLifetimeSeconds",
        created_at as "createdAt"
      from workspaces.workspaces where workspace_id = ${workspaceId}`.execute(this.db);
    return rows[0];
  }

  /** The workspaces that somebody is an active member of, by name. */
  async ofAccount(userId: string): Promise<WorkspaceOfAccount[]> {
    const { rows } = await sql<WorkspaceOfAccount>`
      select workspace_id as "workspaceId", w.name, m.role
      from workspaces.memberships m join workspaces.workspaces w using (workspace_id)
      where m.user_id = ${userId} and m.status = 'active'
      order by lower(w.name), workspace_id`.execute(this.db);
    return rows;
  }

  /** The invitations that somebody can still accept, newest first. */
  async invitationsOf(userId: string): Promise<InvitationOfAccount[]> {
    const { rows } = await sql<InvitationOfAccount>`
      select m.invitation_id as "invitationId", workspace_id as "workspaceId", w.name as "workspaceName", m.role,
        m.invited_by as "invitedBy", a.name as "inviterName", m.expires_at as "expiresAt", m.issue
      from workspaces.memberships m join workspaces.workspaces w using (workspace_id)
      left join workspaces.accounts a on a.user_id = m.invited_by
      where m.user_id = ${userId} and m.status = 'waiting' and m.expires_at > now()
      order by m.invited_at desc, workspace_id`.execute(this.db);
    return rows;
  }
}
