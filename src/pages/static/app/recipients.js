import { ask } from './api.js';
import { tOr } from './i18n.js';

/**
 * Somebody whom a field names: with an address, or with what is wrong with it.
 *
 * @typedef {object} Recipient
 * @property {string} key
 * @property {string} input as it was typed
 * @property {string} [email]
 * @property {string} [name]
 * @property {string} [problem]
 */

let made = 0;

/**
 * Reads what was typed or pasted as inviting would.
 *
 * @param {string} text
 * @returns {Promise<Recipient[]>}
 */
export async function readRecipients(text) {
  const { entries } = await ask('POST /recipients/read', { body: { text }, key: null });
  return entries.map((/** @type {any} */ { input, email, name, userId, problem }) => ({
    key: userId ?? `bad-${++made}`,
    input,
    ...(email ? { email } : {}),
    ...(name ? { name } : {}),
    ...(problem ? { problem: tOr(`fault.${problem.fault}`, 'problem.invalid-address') } : {}),
  }));
}

/**
 * Adds people to a list; whoever is in it already is merged, and keeps the name and the spelling that are known.
 *
 * @param {readonly Recipient[]} list
 * @param {readonly Recipient[]} more
 */
export function merge(list, more) {
  const all = new Map(list.map((each) => [each.key, each]));
  for (const each of more) {
    const known = all.get(each.key);
    all.set(each.key, known && !known.problem ? { ...(each.name ? { name: each.name } : {}), ...known } : each);
  }
  return { list: [...all.values()], merged: list.length + more.length - all.size };
}

/** Whether what has been typed is an address that nothing more will be added to. @param {string} text */
export function looksComplete(text) {
  return /^[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"'.]+$/.test(text);
}
