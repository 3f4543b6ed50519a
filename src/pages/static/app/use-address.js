import { useEffect, useState } from '../library.js';
import { current } from './router.js';

/**
 * What the address bar says, read anew whenever a link or the browser's own buttons have led here again.
 *
 * @template T
 * @param {() => T} read
 * @returns {[T, (next: T | ((previous: T) => T)) => void]}
 */
export function useAddress(read) {
  const route = current.use();
  const [value, setValue] = useState(read);
  useEffect(() => setValue(read()), [route]);
  return [value, setValue];
}
