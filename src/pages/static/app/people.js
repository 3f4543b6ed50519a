import { useCallback, useEffect, useRef, useState } from '../library.js';
import { ask } from './api.js';
import { joined, withUser } from './people-list.js';
import { asSearch } from './users-query.js';

/**
 * Somebody as the REST interface shows them.
 *
 * @typedef {object} User
 * @property {string} id
 * @property {string} email
 * @property {string | null} name
 * @property {import('./session.js').Role} role
 * @property {import('./users-query.js').Status} status
 * @property {{ status: string, mail?: 'invitation' | 'reminder', reply: string | null, code?: number | null, enhancedCode?: string | null, at: string | null,
 *   attempt?: number | null, nextAttemptAt?: string | null } | null} delivery
 * @property {{ id: string, issue: number, timesInvited: number, invitedAt: string, expiresAt: string,
 *   renewalRequestedAt: string | null, invitedBy: { id: string, name: string | null } } | null} invitation
 * @property {string | null} joinedAt
 * @property {string} updatedAt
 */

/**
 * @typedef {object} People
 * @property {readonly User[]} items
 * @property {Record<string, number> | undefined} counts of the whole workspace, by status
 * @property {string | undefined} nextCursor
 * @property {boolean} loading
 * @property {unknown} error why the newest request came to nothing
 * @property {string | undefined} failedAt the cursor of the page that was asked for then, if it was not the first
 * @property {ReadonlySet<string>} unseen who have come and are asked for, but are not drawn: their place in the list is not
 *   known, or would move what is being read
 */

const EMPTY = /** @type {People} */ ({
  items: [],
  counts: undefined,
  nextCursor: undefined,
  loading: true,
  error: undefined,
  failedAt: undefined,
  unseen: new Set(),
});

const PAGE = 100;

/** The most people that one request may ask for. */
const MOST = 200;

/**
 * The people of a workspace that a query asks for, page by page, and kept up to date by whoever learns of a change.
 *
 * @param {string} workspaceId
 * @param {import('./users-query.js').UsersQuery} query
 */
export function usePeople(workspaceId, query) {
  const [people, setPeople] = useState(EMPTY);
  const newest = useRef(people);
  const request = useRef(/** @type {AbortController | undefined} */ (undefined));
  const heard = useRef(/** @type {Map<string, Heard>} */ (new Map()));
  const asked = JSON.stringify(query);

  /** @param {(before: People) => People} change */
  const change = (change) => {
    newest.current = change(newest.current);
    setPeople(newest.current);
  };

  /**
   * What was heard while an answer was on its way is newer than the answer.
   *
   * @param {People} answered
   */
  const withHeard = (answered) => {
    let now = answered;
    for (const { user, counts } of heard.current.values()) {
      now = withUser(now, user, query, { counts, isTopInView: isTopInView() });
    }
    return now;
  };

  /**
   * @param {(signal: AbortSignal) => Promise<(before: People) => Partial<People>>} read
   * @param {string} [cursor]
   */
  const withAnswer = async (read, cursor) => {
    request.current?.abort();
    const aborter = new AbortController();
    request.current = aborter;
    heard.current.clear();
    change((before) => ({ ...before, loading: true, error: undefined, failedAt: undefined }));
    try {
      const apply = await read(aborter.signal);
      change((before) => withHeard({ ...before, ...apply(before), loading: false }));
    } catch (error) {
      if (!aborter.signal.aborted) change((before) => ({ ...before, loading: false, error, failedAt: cursor }));
    }
  };
  /** @param {number} limit @param {string | undefined} cursor @param {AbortSignal} signal */
  const pageOf = (limit, cursor, signal) => {
    const search = asSearch(query, { limit: String(limit), ...(cursor ? { cursor } : {}) });
    return ask(`GET /workspaces/${workspaceId}/users${search}`, { signal });
  };

  const load = useCallback(
    /** Asks for the page behind a cursor; without one, for the first. @param {string} [cursor] */
    (cursor) =>
      withAnswer(async (signal) => {
        const { items, counts, nextCursor } = await pageOf(PAGE, cursor, signal);
        if (!cursor) return () => ({ items, counts, nextCursor, unseen: EMPTY.unseen });
        return (before) => ({ items: joined(before.items, items), counts, nextCursor });
      }, cursor),
    [workspaceId, asked],
  );

  const reload = useCallback(
    /** Asks anew for as many as are shown, and swaps them at once: the place where one reads stays. */
    () =>
      withAnswer(async (signal) => {
        const wanted = Math.max(PAGE, newest.current.items.length);
        /** @type {readonly User[]} */
        let items = [];
        for (let cursor; ; ) {
          const page = await pageOf(Math.min(MOST, wanted - items.length), cursor, signal);
          items = joined(items, page.items);
          cursor = page.nextCursor;
          if (!cursor || items.length >= wanted) {
            return () => ({ items, counts: page.counts, nextCursor: cursor, unseen: EMPTY.unseen });
          }
        }
      }),
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
    (user, counts) => {
      heard.current.set(user.id, { user, counts });
      change((before) => withUser(before, user, query, { counts, isTopInView: isTopInView() }));
    },
    [asked],
  );

  return { people, load, reload, put };
}

/** @typedef {{ user: User, counts: Record<string, number> | undefined }} Heard */

/** Whether the list is seen from its beginning, so that whoever is put there moves nothing that is being read. */
function isTopInView() {
  return (document.querySelector('table.users tbody')?.getBoundingClientRect().top ?? 0) >= 0;
}
