import { isAskedFor } from './users-query.js';

/** @typedef {import('./people.js').User} User */
/** @typedef {import('./people.js').People} People */

/** Where everybody is in a list. Lists are many thousands long, and change one person at a time. */
const indexes = /** @type {WeakMap<readonly User[], Map<string, number>>} */ (new WeakMap());

/** @param {readonly User[]} items */
function indexOf(items) {
  const known = indexes.get(items);
  if (known) return known;
  const index = new Map(items.map(({ id }, place) => [id, place]));
  indexes.set(items, index);
  return index;
}

/**
 * A person may have moved to a later page since the one before was read.
 *
 * @param {readonly User[]} items
 * @param {readonly User[]} more
 */
export function joined(items, more) {
  const known = indexOf(items);
  return [...items, ...more.filter(({ id }) => !known.has(id))];
}

/**
 * The list with a person as they are now. Who is in it stays where they are, whatever they are asked for by: nothing
 * moves under the pointer. Who is new comes first where the newest do, if that moves nobody in view; else they are
 * counted.
 *
 * @param {People} people
 * @param {User} user
 * @param {import('./users-query.js').UsersQuery} query
 * @param {{ counts?: Record<string, number> | undefined, isTopInView: boolean }} options
 * @returns {People}
 */
export function withUser(people, user, query, { counts = people.counts, isTopInView }) {
  const { items, unseen, nextCursor } = people;
  const place = indexOf(items).get(user.id);
  const known = place === undefined ? undefined : items[place];
  if (place !== undefined && known) {
    if (known.updatedAt > user.updatedAt) return { ...people, counts };
    const changed = items.with(place, user);
    // Everybody is where they were.
    indexes.set(changed, indexOf(items));
    return { ...people, counts, items: changed };
  }
  if (!isAskedFor(query, user)) return { ...people, counts };
  const invitedAt = user.invitation?.invitedAt ?? '';
  const isNewest = query.sort === '-invitedAt' && invitedAt >= (items[0]?.invitation?.invitedAt ?? '');
  if (isNewest && isTopInView) return { ...people, counts, items: [user, ...items] };
  // Whoever has been there longer than that is on a page that has not been loaded.
  const isNew = !nextCursor || Date.parse(user.updatedAt) - Date.parse(invitedAt) < NEW;
  return isNew ? { ...people, counts, unseen: new Set(unseen).add(user.id) } : { ...people, counts };
}

/** Milliseconds after an invitation within which what is heard of a person is that they have come. */
const NEW = 60_000;
