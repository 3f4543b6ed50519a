import { sql } from 'kysely';

import type { ProjectionTransaction } from '../../src/projecting/projection.js';
import { blamingRow } from '../../src/projecting/row-failure.js';
import type { Facts } from './facts.js';

/** What somebody was last called by an event of a workspace: a row of `audit_history.people`. */
export interface PersonRow {
  readonly workspace_id: string;
  readonly user_id: string;
  readonly email: string | null;
  readonly name: string | null;
}

/** What the people of some events are called, as far as the events before have told. */
export class People {
  private readonly learnt = new Set<string>();

  private constructor(private readonly rows: Map<string, PersonRow>) {}

  /** Those whom the events are by or about. */
  static async read(tx: ProjectionTransaction, events: readonly Facts[]): Promise<People> {
    const wanted = new Map<string, Pick<PersonRow, 'workspace_id' | 'user_id'>>();
    for (const { workspaceId, subject, actor } of events) {
      for (const userId of [subject, actor?.id]) {
        if (userId) wanted.set(keyOf(workspaceId, userId), { workspace_id: workspaceId, user_id: userId });
      }
    }
    const ids = [...wanted.values()];
    const { rows } = await sql<PersonRow>`
      select p.* from audit_history.people p
      join unnest(${ids.map((id) => id.workspace_id)}::text[], ${ids.map((id) => id.user_id)}::text[])
        as k (workspace_id, user_id) using (workspace_id, user_id)`.execute(tx);
    return new People(new Map(rows.map((row) => [keyOf(row.workspace_id, row.user_id), row])));
  }

  /** Takes note of what an event calls the person it is about. */
  learn({ workspaceId, subject, email, name }: Facts): void {
    if (subject === null || (email === undefined && name === undefined)) return;
    const key = keyOf(workspaceId, subject);
    const before = this.rows.get(key);
    this.rows.set(key, {
      workspace_id: workspaceId,
      user_id: subject,
      email: email ?? before?.email ?? null,
      name: name ?? before?.name ?? null,
    });
    this.learnt.add(key);
  }

  /** The address and the name of somebody, as far as they are known. */
  calls(workspaceId: string, userId: string): string[] {
    const { email = null, name = null } = this.rows.get(keyOf(workspaceId, userId)) ?? {};
    return [email, name].filter((text) => text !== null);
  }

  async write(tx: ProjectionTransaction): Promise<void> {
    const rows = [...this.learnt].flatMap((key) => this.rows.get(key) ?? []);
    if (rows.length === 0) return;
    await blamingRow('audit_history.people', ['workspace_id', 'user_id'], rows, async () => {
      await sql`
        insert into audit_history.people
        select * from json_populate_recordset(null::audit_history.people, ${JSON.stringify(rows)}::json)
        on conflict (workspace_id, user_id) do update set email = excluded.email, name = excluded.name`.execute(tx);
    });
  }
}

const keyOf = (workspaceId: string, userId: string): string => `${workspaceId}\n${userId}`;
