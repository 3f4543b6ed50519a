import { searchOf, useAddressQuery } from './address-query.js';
import { GROUPS, isGroup } from './history-groups.js';
import { midnightOf } from './instants.js';

/**
 * What is asked of the audit history: a group of `GROUPS`, user ids of whoever did it and of whom it is about, the first
 * and the last day by the reader's calendar, and a text.
 *
 * @typedef {{ text: string, group: string, actor: string, subject: string, from: string, to: string }} HistoryQuery
 */

const USUAL = /** @type {HistoryQuery} */ ({ text: '', group: '', actor: '', subject: '', from: '', to: '' });

const LONGEST_TEXT = 100;
const USER_ID = /^[a-z0-9]{26}$/;

/** Nothing but this is asked for. */
export const ANYTHING = USUAL;

export function useHistoryQuery() {
  return useAddressQuery(USUAL, ({ text, group, actor, subject, from, to }) => ({
    text: text.slice(0, LONGEST_TEXT),
    group: isGroup(group) ? group : '',
    actor: USER_ID.test(actor) ? actor : '',
    subject: USER_ID.test(subject) ? subject : '',
    from: midnightOf(from) ? from : '',
    to: midnightOf(to) ? to : '',
  }));
}

/** Whether anything is left out. @param {HistoryQuery} query */
export const isFiltered = (query) => searchOf(query, USUAL) !== '';

/**
 * The same for the REST interface: the days from midnight to midnight, the group as its types.
 *
 * @param {HistoryQuery} query
 * @param {Record<string, string>} [more]
 */
export function filtersOf({ text, group, actor, subject, from, to }, more = {}) {
  const asked = {
    text: text.trim(),
    type: isGroup(group) ? GROUPS[group].join() : '',
    actor,
    subject,
    from: midnightOf(from) ?? '',
    to: midnightOf(to, 1) ?? '',
  };
  return new URLSearchParams({
    ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== '')),
    ...more,
  });
}
