import type { Position } from '../../event-store/event-store.js';
import type { HttpDependencies } from '../dependencies.js';
import { viewsOf } from '../views/users.js';
import { frameOf, type UserFrame } from './event-stream.js';

/**
 * The people whose rows changed as they are now, and how many there are of each status.
 *
 * @param changed by user id, in the order of the positions
 */
export async function framesOf(
  workspaceId: string,
  changed: ReadonlyMap<string, Position>,
  dependencies: Pick<HttpDependencies, 'usersTab'>,
): Promise<UserFrame[]> {
  if (changed.size === 0) return [];
  const { rows, counts } = await dependencies.usersTab.some(workspaceId, [...changed.keys()]);
  const views = await viewsOf(rows, workspaceId, undefined, dependencies);
  const byId = new Map(views.map((view) => [view.id, view]));
  return [...changed].flatMap(([userId, position]): UserFrame | [] => {
    const user = byId.get(userId);
    // Somebody who has a new name need not be in this workspace.
    return user ? { userId, position, text: frameOf('user', { user, counts }, position) } : [];
  });
}
