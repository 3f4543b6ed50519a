import { watchNear } from '../../app/near.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from '../../library.js';

/** @typedef {import('../../app/people.js').User} User */

/**
 * Rows that are drawn while one is near them; else there is room for them, as high as they were. What has the focus or
 * an open menu in it stays drawn wherever one scrolls.
 *
 * @param {{ from: number, users: readonly User[], rowOf: (user: User, place: number) => import('../../library.js').VNode }} props
 *   from: the place of the first in the whole list
 */
export function Block({ from, users, rowOf }) {
  const ref = useRef(/** @type {HTMLElement | null} */ (null));
  // Pixels of each row that is left out, on average; nothing while they are drawn. Rows may be added meanwhile.
  const [rowHeight, setRowHeight] = useState(0);
  const count = useRef(0);
  count.current = users.length;

  useEffect(() => {
    const body = /** @type {HTMLElement} */ (ref.current);
    let isNear = true;
    const settle = () =>
      setRowHeight((before) => {
        if (isNear || isInUse(body)) return 0;
        return before || body.getBoundingClientRect().height / count.current;
      });
    // The focus is nowhere while it goes from one to another.
    const settleSoon = () => setTimeout(settle);
    body.addEventListener('focusout', settleSoon);
    body.addEventListener('toggle', settleSoon, { capture: true });
    return watchNear(body, (near) => {
      isNear = near;
      settle();
    });
  }, []);

  const height = rowHeight * users.length;
  useLayoutEffect(() => {
    if (ref.current) ref.current.style.height = height > 0 ? `${height}px` : '';
  }, [height]);

  return html`<tbody ref=${ref} role="rowgroup" aria-hidden=${height > 0 ? 'true' : undefined}>
    ${height === 0 && users.map((user, index) => rowOf(user, from + index))}
  </tbody>`;
}

/** @param {HTMLElement} body */
function isInUse(body) {
  return body.contains(document.activeElement) || body.querySelector(':popover-open') !== null;
}
