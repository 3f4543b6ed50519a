const two = (/** @type {number} */ value) => String(value).padStart(2, '0');

/** A day of the reader's, as `<input type="date">` has it. @param {Date} date */
export function dayOf(date) {
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The same to the second, as `<input type="datetime-local">` has it. @param {Date} date */
export function localTimeOf(date) {
  return `${dayOf(date)}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/**
 * When a day of the reader's begins, some days later.
 *
 * @param {string} day as `<input type="date">` has it
 * @param {number} [later]
 * @returns {string | undefined} undefined for what is no day
 */
export function midnightOf(day, later = 0) {
  const midnight = new Date(`${day}T00:00:00`);
  if (day === '' || Number.isNaN(midnight.getTime())) return undefined;
  midnight.setDate(midnight.getDate() + later);
  return midnight.toISOString();
}

/** The same time of an earlier day, by the reader's clock. @param {number} days @param {Date} [now] */
export function daysAgo(days, now = new Date()) {
  const then = new Date(now);
  then.setDate(then.getDate() - days);
  return then;
}

/** The same day of the month before, or its last one where it is shorter. @param {Date} [now] */
export function aMonthAgo(now = new Date()) {
  const then = new Date(now);
  then.setMonth(then.getMonth() - 1);
  if (then.getDate() !== now.getDate()) then.setDate(0);
  return then;
}
