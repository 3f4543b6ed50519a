import { useEffect, useRef } from '../library.js';

/**
 * The name of the page in the tab, and the focus on its heading: a screen reader says where one has come. For the `h1`.
 *
 * @param {string} title
 * @param {string} product
 */
export function usePageTitle(title, product) {
  useEffect(() => {
    document.title = title === '' ? product : `${title} · ${product}`;
  }, [title, product]);
}

/**
 * Puts the focus on an element when it comes, or when `on` changes.
 *
 * @param {import('../library.js').Inputs} [on]
 */
export function useFocus(on = []) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => ref.current?.focus({ preventScroll: true }), on);
  return ref;
}

/**
 * Puts the focus on an element when it comes; when `on` changes later, only if nothing else has it: whoever has begun to
 * type meanwhile goes on.
 *
 * @param {import('../library.js').Inputs} on
 */
export function useFocusOnArrival(on) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  const hasCome = useRef(false);
  useEffect(() => {
    const isFree = !document.activeElement || document.activeElement === document.body;
    if (!hasCome.current || isFree) ref.current?.focus({ preventScroll: true });
    hasCome.current = true;
  }, on);
  return ref;
}
