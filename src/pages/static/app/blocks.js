/** How many rows are drawn, or left out, at once. */
const LENGTH = 50;

/**
 * A stretch of a list.
 *
 * @template T
 * @typedef {{ number: number, from: number, items: readonly T[] }} Block from: the place of its first in the whole list
 */

/**
 * A list in blocks, counted from an item that stays where it is: what comes before it makes blocks of its own, with
 * numbers below nought. Nothing else goes from one block to another, for that would draw it anew, and lose the focus.
 *
 * @template {{ id: string }} T
 * @param {readonly T[]} list
 * @param {string} anchor the id of that item; where it is not in the list, the first is it
 * @returns {Block<T>[]}
 */
export function blocksOf(list, anchor) {
  const start = Math.max(
    0,
    list.findIndex(({ id }) => id === anchor),
  );
  const blocks = [];
  for (let number = -Math.ceil(start / LENGTH); start + number * LENGTH < list.length; number++) {
    const from = start + number * LENGTH;
    blocks.push({ number, from: Math.max(0, from), items: list.slice(Math.max(0, from), from + LENGTH) });
  }
  return blocks;
}
