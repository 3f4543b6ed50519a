import { useCallback, useEffect, useRef, useState } from '../library.js';
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

  /** Asks for a page; without a cursor, for what is newest now. */
  const load = useCallback(
    /** @param {string} [cursor] */
    async (cursor) => {
      request.current?.abort();
      const aborter = new AbortController();
      request.current = aborter;
      setList((before) => ({ ...before, loading: true, error: undefined }));
      try {
        const paged = cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
        const page = await askTold(paged, aborter.signal);
        // What was asked for before is shown until there is an answer to what is asked for now.
        const isSame = answered.current === wanted;
        answered.current = wanted;
        setList((before) => ({
          ...(isSame ? joined(before, page, cursor) : { items: page.items, nextCursor: page.nextCursor }),
          loading: false,
          error: undefined,
          known: true,
        }));
      } catch (error) {
        if (!aborter.signal.aborted) setList((before) => ({ ...before, loading: false, error }));
      }
    },
    [wanted],
  );

  useEffect(() => {
    void load();
    return () => request.current?.abort();
  }, [load]);

  return { list, load };
}

const EMPTY = /** @type {List<any>} */ ({
  items: [],
  nextCursor: undefined,
  loading: true,
  error: undefined,
  known: false,
});

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
