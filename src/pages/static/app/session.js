import { ApiProblem, ask, onSignedOut } from './api.js';
import { go } from './router.js';
import { store } from './store.js';

/**
 * @typedef {object} Me
 * @property {{ id: string, email: string, name: string, locale: string | null,
 *   notifications: { digests: boolean, renewalRequests: boolean } }} account
 * @property {{ id: string, name: string, role: Role }[]} workspaces
 */

/** @typedef {'owner' | 'administrator' | 'developer'} Role */

/** Who is signed in, once it is known. */
export const me = store(/** @type {Me | undefined} */ (undefined));

/**
 * Asks who is signed in; where nobody is, the sign-in page comes.
 *
 * @param {{ mayBeNobody?: boolean }} [options] stays on this page
 */
export async function loadMe({ mayBeNobody = false } = {}) {
  try {
    me.set(await ask('GET /me', { mayBeNobody }));
  } catch (error) {
    if (!mayBeNobody || !(error instanceof ApiProblem && error.status === 401)) throw error;
    me.set(undefined);
  }
  return /** @type {Me} */ (me.get());
}

/** Takes over what has been heard of a workspace of one's own. @param {string} id @param {{ name?: string, role?: Role }} heard */
export function heardOf(id, heard) {
  const who = me.get();
  if (!who) return;
  const workspaces = who.workspaces.map((workspace) => (workspace.id === id ? { ...workspace, ...heard } : workspace));
  me.set({ ...who, workspaces });
}

/** The id of the workspace that one has been put out of while looking at it, or nothing. */
export const putOutOf = store('');

export async function signOut() {
  await ask('DELETE /session');
  me.set(undefined);
  go('/sign-in');
}

/** Where somebody wanted to go who had to sign in first: the link in the mail may open in another tab. */
const NEXT = 'next-page';

/** Milliseconds that a sign-in link lives, and a little more. */
const REMEMBERED = 15 * 60 * 1000;

/** @param {string} path */
export function rememberNext(path) {
  localStorage.setItem(NEXT, JSON.stringify({ path, until: Date.now() + REMEMBERED }));
}

/** The page to go on with after signing in; told once. */
export function takeNext() {
  const kept = localStorage.getItem(NEXT);
  localStorage.removeItem(NEXT);
  const { path, until } = kept ? JSON.parse(kept) : { path: '', until: 0 };
  return until > Date.now() && /^\/(?!\/)/.test(path) ? String(path) : '/';
}

onSignedOut(() => {
  me.set(undefined);
  if (location.pathname === '/sign-in') return;
  if (location.pathname !== '/') rememberNext(location.pathname + location.search);
  go('/sign-in', { replace: true });
});
