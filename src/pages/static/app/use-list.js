import { useCallback, useEffect, useRef, useState } from '../library.js';
import { ApiProblem } from './api.js';
import { shown } from './i18n.js';
import { askTold } from './telling.js';

/**
 * @template T
 * @typedef {object} List
 * @property {readonly T[]} items
 * @property {string | undefined} nextCursor
 * @property {boolean} loading
 * @property {unknown} error why the newest request came to nothing
 * @property {boolean} known whether there has been an answer
 * @property {number} arrived how many have come by themselves since
 * @property {{ count: number, isMore: boolean }} unseen how many are newer than what is shown, or that it is more than so many
 */

/**
 * A list of the REST interface that is read from its newest end, page by page.
 *
 * @template {{ id: string }} T
 * @param {string} path below /v1, with its query; another one is another list
 */
export function useList(path) {
  const [list, setList] = useState(/** @type {List<T>} */ (EMPTY));
  const request = useRef(/** @type {AbortController | undefined} */ (undefined));
  const { language } = shown.use();
  const wanted = `${language} ${path}`;
  const answered = useRef('');
  const loading = useRef(Promise.resolve());
  const looking = useRef(/** @type {AbortController | undefined} */ (undefined));

  /** Asks for a page; without a cursor, for what is newest now. */
  const load = useCallback(
    /** @param {string} [cursor] */
    async (cursor) => {
      request.current?.abort();
      if (cursor === undefined) looking.current?.abort();
      const aborter = new AbortController();
      request.current = aborter;
      let done = () => {};
      loading.current = new Promise((resolve) => {
        done = resolve;
      });
      setList((before) => ({ ...before, loading: true, error: undefined }));
      try {
        const paged = cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
        const page = await askTold(paged, aborter.signal);
        // What was asked for before is shown until there is an answer to what is asked for now.
        const isSame = answered.current === wanted;
        answered.current = wanted;
        setList((before) => ({
          ...(isSame ? before : EMPTY),
          ...(isSame ? joined(before, page, cursor) : { items: page.items, nextCursor: page.nextCursor }),
          ...(cursor === undefined ? { unseen: NONE } : {}),
          loading: false,
          error: undefined,
          known: true,
        }));
      } catch (error) {
        if (!aborter.signal.aborted) setList((before) => ({ ...before, loading: false, error }));
      } finally {
        done();
      }
    },
    [wanted],
  );

  /** Looks for what is newer, with no sign of it. It is shown, or only counted where it would move what is being read. */
  const look = useCallback(
    /** @param {() => boolean} isBeingRead */
    async (isBeingRead) => {
      await loading.current;
      if (answered.current !== wanted) return;
      const aborter = new AbortController();
      looking.current = aborter;
      try {
        const page = await askTold(path, aborter.signal);
        const isHeld = isBeingRead();
        setList((before) => withNewest(before, page, isHeld));
      } catch (error) {
        // That there is no connection is told elsewhere.
        const isTold = aborter.signal.aborted || (error instanceof ApiProblem && error.code === 'offline');
        if (!isTold) setList((before) => ({ ...before, error }));
      }
    },
    [wanted],
  );

  useEffect(() => {
    void load();
    return () => {
      request.current?.abort();
      looking.current?.abort();
    };
  }, [load]);

  return { list, load, look };
}

const NONE = { count: 0, isMore: false };

const EMPTY = /** @type {List<any>} */ ({
  items: [],
  nextCursor: undefined,
  loading: true,
  error: undefined,
  known: false,
  arrived: 0,
  unseen: NONE,
});

/**
 * @template {{ id: string }} T
 * @param {List<T>} list
 * @param {{ items: readonly T[], nextCursor?: string }} page
 * @param {boolean} isHeld
 * @returns {List<T>}
 */
function withNewest(list, page, isHeld) {
  const known = new Set(list.items.map(({ id }) => id));
  const count = page.items.filter(({ id }) => !known.has(id)).length;
  if (count === 0) return list.error ? { ...list, error: undefined } : list;
  if (isHeld)
    return { ...list, unseen: { count, isMore: count === page.items.length && page.nextCursor !== undefined } };
  return { ...list, ...joined(list, page, undefined), arrived: list.arrived + count, unseen: NONE, error: undefined };
}

/**
 * A later page comes behind what is known. The newest come before it: what has been read of the rest stays, unless so
 * much has happened that the two do not meet.
 *
 * @template {{ id: string }} T
 * @param {List<T>} list
 * @param {{ items: readonly T[], nextCursor?: string }} page
 * @param {string | undefined} cursor
 */
function joined({ items, nextCursor }, page, cursor) {
  const inPage = new Set(page.items.map(({ id }) => id));
  const others = items.filter(({ id }) => !inPage.has(id));
  if (cursor !== undefined) return { items: [...others, ...page.items], nextCursor: page.nextCursor };
  if (others.length === items.length) return { items: page.items, nextCursor: page.nextCursor };
  return { items: [...page.items, ...others], nextCursor: others.length > 0 ? nextCursor : page.nextCursor };
}
