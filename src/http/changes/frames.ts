import type { HttpDependencies } from '../dependencies.js';
import { viewsOf } from '../views/users.js';
import { type Frame, frameOf } from './event-stream.js';
import type { Changed, NewName } from './recent-changes.js';

/**
 * What has changed in a workspace, as it is now, in the order of the positions: the people whose rows changed, with how many there are
 * of each status, and what it is called.
 */
export async function framesOf(
  workspaceId: string,
  { users, name }: Changed,
  dependencies: Pick<HttpDependencies, 'usersTab'>,
): Promise<Frame[]> {
  const frames = await userFrames(workspaceId, users, dependencies);
  if (name) frames.push(nameFrame(name));
  // Who resumes from one has been told all that is before it.
  return frames.sort((one, other) => (one.position < other.position ? -1 : 1));
}

async function userFrames(
  workspaceId: string,
  users: Changed['users'],
  dependencies: Pick<HttpDependencies, 'usersTab'>,
): Promise<Frame[]> {
  if (users.size === 0) return [];
  const { rows, counts } = await dependencies.usersTab.some(workspaceId, [...users.keys()]);
  const views = await viewsOf(rows, workspaceId, undefined, dependencies);
  const byId = new Map(views.map((view) => [view.id, view]));
  return [...users].flatMap(([userId, position]): Frame | [] => {
    const user = byId.get(userId);
    // Somebody who has a new name need not be in this workspace.
    return user ? { about: userId, position, text: frameOf('user', { user, counts }, position) } : [];
  });
}

function nameFrame({ workspaceId: id, name, position }: NewName): Frame {
  return { about: id, position, text: frameOf('workspace', { workspace: { id, name } }, position) };
}
