import { useRef, useState } from '../library.js';

/**
 * A state whose newest value can be read before it is drawn: of what two answers change at once, neither is lost.
 *
 * @template T
 * @param {T} initial
 * @returns {[T, () => T, (change: (newest: T) => T) => void]} what is drawn, what is newest, and how to change it
 */
export function useNewest(initial) {
  const [drawn, setDrawn] = useState(initial);
  const newest = useRef(initial);
  return [
    drawn,
    () => newest.current,
    (change) => {
      newest.current = change(newest.current);
      setDrawn(newest.current);
    },
  ];
}
