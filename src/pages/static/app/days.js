import { locale, t } from './i18n.js';
import { dayOf, daysAgo } from './instants.js';

/**
 * Things in the order of time, by the reader's days.
 *
 * @template {{ at: string }} T
 * @param {readonly T[]} items
 * @returns {{ day: string, items: T[] }[]}
 */
export function byDay(items) {
  /** @type {{ day: string, items: T[] }[]} */
  const days = [];
  for (const item of items) {
    const day = dayOf(new Date(item.at));
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}

/** What people call a day. @param {string} day */
export function dayName(day) {
  if (day === dayOf(new Date())) return t('history.today');
  if (day === dayOf(daysAgo(1))) return t('history.yesterday');
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'full' }).format(new Date(`${day}T12:00:00`));
}

/** The time of the day. @param {string} instant */
export function clock(instant) {
  return new Intl.DateTimeFormat(locale(), { timeStyle: 'short' }).format(new Date(instant));
}
