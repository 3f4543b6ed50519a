/**
 * Puts a popover below its button, or above it where there is more room; never over the edge.
 *
 * @param {HTMLElement} list
 * @param {DOMRect} button
 */
export function place(list, button) {
  const gap = 4;
  const { width, height } = list.getBoundingClientRect();
  const below = innerHeight - button.bottom;
  const top = below >= height + 2 * gap || below >= button.top ? button.bottom + gap : button.top - height - gap;
  const left = Math.min(Math.max(gap, button.right - width), innerWidth - width - gap);
  list.style.top = `${Math.max(gap, top)}px`;
  list.style.left = `${button.left + width < innerWidth - gap ? button.left : left}px`;
}
