import { useEffect, useState } from '../library.js';

/**
 * A value that components show, and that changes from outside of them.
 *
 * @template T
 * @typedef {{ get(): T, set(next: T): void, use(): T }} Store
 */

/**
 * @template T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function store(initial) {
  let value = initial;
  /** @type {Set<(value: T) => void>} */
  const watchers = new Set();
  return {
    get: () => value,
    set(next) {
      if (next === value) return;
      value = next;
      for (const watcher of watchers) watcher(next);
    },
    use() {
      const [, redraw] = useState(0);
      useEffect(() => {
        const watcher = () => redraw((count) => count + 1);
        watchers.add(watcher);
        return () => void watchers.delete(watcher);
      }, []);
      return value;
    },
  };
}
