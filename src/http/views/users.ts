import type { UserRow } from '../../../projections/users-tab/row.js';
import type { Instant } from '../../domain/lifetime.js';
import type { RecordedEvent } from '../../event-store/event-store.js';
import type { Caller } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { type UserView, userView } from './user-view.js';

/** Rows with the names of those who invited them, which are looked up in one query, that of a caller not at all. */
export async function viewsOf(
  rows: readonly UserRow[],
  workspaceId: string,
  caller: Caller | undefined,
  { usersTab }: Pick<HttpDependencies, 'usersTab'>,
): Promise<UserView[]> {
  const inviters = new Set(rows.flatMap(({ invited_by }) => invited_by ?? []));
  if (caller) inviters.delete(caller.userId);
  const names = inviters.size > 0 ? await usersTab.names(workspaceId, [...inviters]) : new Map<string, string | null>();
  return rows.map((row) =>
    userView(row, (userId) => (userId === caller?.userId ? caller.name : (names.get(userId) ?? null))),
  );
}

/** Rows of an instant that is past, with what those who invited them were called then. */
export async function viewsAsOf(
  rows: readonly UserRow[],
  workspaceId: string,
  asOf: Instant,
  { userHistory }: Pick<HttpDependencies, 'userHistory'>,
): Promise<UserView[]> {
  const inviters = new Set(rows.flatMap(({ invited_by }) => invited_by ?? []));
  const names = await userHistory.names(workspaceId, asOf, [...inviters]);
  return rows.map((row) => userView(row, (userId) => names.get(userId) ?? null));
}

/** Somebody as a command left them, which the read model may not show yet. */
export async function viewOfHistory(
  history: readonly RecordedEvent[],
  workspaceId: string,
  caller: Caller,
  dependencies: Pick<HttpDependencies, 'usersTab'>,
): Promise<UserView> {
  const row = dependencies.usersTab.fold(history);
  if (!row) throw new Problem('user-not-found');
  const [view] = await viewsOf([row], workspaceId, caller, dependencies);
  return view as UserView;
}
