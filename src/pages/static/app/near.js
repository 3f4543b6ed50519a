const watched = /** @type {WeakMap<Element, (isNear: boolean) => void>} */ (new WeakMap());

/** One for all, of which there may be thousands. */
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
  },
  { rootMargin: '200% 0px' },
);

/**
 * Tells whether an element is within two screens of the window: at once, and whenever that changes.
 *
 * @param {Element} element
 * @param {(isNear: boolean) => void} tell
 * @returns {() => void} ends it
 */
export function watchNear(element, tell) {
  watched.set(element, tell);
  observer.observe(element);
  return () => observer.unobserve(element);
}
