import type { RecordedEvent } from '../../event-store/event-store.js';
import type { Caller } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { withSuppression } from './suppression.js';
import type { UserView } from './user-view.js';
import { viewOfHistory } from './users.js';

/** What an invitation, a resend or a correction came to, and whether its mail will go out. */
export async function viewOfInvited(
  history: readonly RecordedEvent[],
  workspaceId: string,
  caller: Caller,
  dependencies: Pick<HttpDependencies, 'usersTab'>,
): Promise<UserView> {
  const view = await viewOfHistory(history, workspaceId, caller, dependencies);
  return withSuppression(view, (await dependencies.usersTab.suppressed([view.id])).get(view.id));
}
