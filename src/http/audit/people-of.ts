import type { HttpDependencies } from '../dependencies.js';

/** What somebody is called. */
export interface Called {
  readonly email: string | null;
  readonly name: string | null;
}

/** As the users tab has them; as the history has them, where the users tab has not come to them yet. */
export async function peopleOf(
  workspaceId: string,
  userIds: readonly string[],
  { usersTab, auditHistory }: Pick<HttpDependencies, 'usersTab' | 'auditHistory'>,
): Promise<Map<string, Called>> {
  const [recorded, shown] = await Promise.all([
    auditHistory.people(workspaceId, userIds),
    usersTab.people(workspaceId, userIds),
  ]);
  return new Map<string, Called>([...recorded, ...shown]);
}
