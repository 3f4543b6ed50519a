import { useCallback, useEffect, useRef, useState } from '../library.js';
import { ask, problemText } from './api.js';
import { asSearch, isAskedFor } from './users-query.js';

/**
 * Somebody as the REST interface shows them.
 *
 * @typedef {object} User
 * @property {string} id
 * @property {string} email
 * @property {string | null} name
 * @property {import('./session.js').Role} role
 * @property {import('./users-query.js').Status} status
 * @property {{ status: string, reply: string | null, at: string | null } | null} delivery
 * @property {{ id: string, issue: number, timesInvited: number, invitedAt: string, expiresAt: string,
 *   invitedBy: { id: string, name: string | null } } | null} invitation
 * @property {string | null} joinedAt
 * @property {string} updatedAt
 */

/**
 * @typedef {object} People
 * @property {readonly User[]} items
 * @property {Record<string, number> | undefined} counts of the whole workspace, by status
 * @property {string | undefined} nextCursor
 * @property {boolean} loading
 * @property {string} problem
 * @property {number} unseen how many have come who are asked for, but whose place in the list is not known
 */

const EMPTY = /** @type {People} */ ({
  items: [],
  counts: undefined,
  nextCursor: undefined,
  loading: true,
  problem: '',
  unseen: 0,
});

const PAGE = '100';

/**
 * The people of a workspace that a query asks for, page by page, and kept up to date by whoever learns of a change.
 *
 * @param {string} workspaceId
 * @param {import('./users-query.js').UsersQuery} query
 */
export function usePeople(workspaceId, query) {
  const [people, setPeople] = useState(EMPTY);
  const request = useRef(/** @type {AbortController | undefined} */ (undefined));
  const asked = JSON.stringify(query);

  const load = useCallback(
    /** @param {string} [cursor] */
    async (cursor) => {
      request.current?.abort();
      const aborter = new AbortController();
      request.current = aborter;
      setPeople((before) => ({ ...before, loading: true, problem: '' }));
      try {
        const search = asSearch(query, { limit: PAGE, ...(cursor ? { cursor } : {}) });
        const page = await ask(`GET /workspaces/${workspaceId}/users${search}`, { signal: aborter.signal });
        setPeople((before) => ({
          items: cursor ? joined(before.items, page.items) : page.items,
          counts: page.counts,
          nextCursor: page.nextCursor,
          loading: false,
          problem: '',
          unseen: cursor ? before.unseen : 0,
        }));
      } catch (error) {
        if (!aborter.signal.aborted) {
          setPeople((before) => ({ ...before, loading: false, problem: problemText(error) }));
        }
      }
    },
    [workspaceId, asked],
  );

  useEffect(() => {
    void load();
    return () => request.current?.abort();
  }, [load]);

  const put = useCallback(
    /**
     * @param {User} user
     * @param {Record<string, number>} [counts]
     */
    (user, counts) => setPeople((before) => withUser(before, user, counts, query)),
    [asked],
  );

  return { people, load, put };
}

/**
 * A person may have moved to a later page since the one before was read.
 *
 * @param {readonly User[]} items
 * @param {readonly User[]} more
 */
function joined(items, more) {
  const known = new Set(items.map(({ id }) => id));
  return [...items, ...more.filter(({ id }) => !known.has(id))];
}

/**
 * The list with a person as they are now. Who is in it stays where they are, whatever they are asked for by: nothing
 * moves under the pointer. Who is new comes first where the newest do; elsewhere they are counted.
 *
 * @param {People} people
 * @param {User} user
 * @param {Record<string, number> | undefined} counts
 * @param {import('./users-query.js').UsersQuery} query
 * @returns {People}
 */
function withUser(people, user, counts = people.counts, query) {
  const index = people.items.findIndex(({ id }) => id === user.id);
  if (index >= 0) {
    const known = people.items[index];
    if (known && known.updatedAt > user.updatedAt) return { ...people, counts };
    return { ...people, counts, items: people.items.with(index, user) };
  }
  if (!isAskedFor(query, user)) return { ...people, counts };
  const newestFirst = query.sort === '-invitedAt' && query.search.trim() === '';
  const [first] = people.items;
  const isNewest = !first || (user.invitation?.invitedAt ?? '') >= (first.invitation?.invitedAt ?? '');
  if (newestFirst && isNewest) return { ...people, counts, items: [user, ...people.items] };
  // Behind the last page that was loaded, they will come with a later one.
  return people.nextCursor && newestFirst ? { ...people, counts } : { ...people, counts, unseen: people.unseen + 1 };
}
