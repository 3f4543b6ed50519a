import { ask } from './api.js';

/** So many are sent again by one request: few enough that it is seen to go on. */
const PAGE = 100;

const WEEK = 7 * 24 * 60 * 60 * 1000;

/** What can be sent again at once, and the filter that finds it. */
export const FILTERS = {
  old: () => ({ status: ['waiting'], invitedBefore: new Date(Date.now() - WEEK).toISOString() }),
  undelivered: () => ({ delivery: ['failed', 'bounced', 'suppressed'] }),
};

/** @typedef {keyof typeof FILTERS} FilterName */
/** @typedef {import('./failures.js').Result & { outcome: string, delivery?: string }} Result */

/**
 * Sends again all that a filter finds, page by page.
 *
 * @param {string} workspaceId
 * @param {FilterName} name
 * @param {(results: readonly Result[]) => boolean} goesOn hears all results after each page; false ends it there
 * @returns {Promise<boolean>} whether it came to the end
 * @throws {import('./api.js').ApiProblem} for a page that failed; those before it are sent
 */
export async function resendByFilter(workspaceId, name, goesOn) {
  const filter = FILTERS[name]();
  /** @type {Result[]} */
  const all = [];
  let cursor;
  do {
    const body = { filter, limit: PAGE, ...(cursor ? { cursor } : {}) };
    const { results, nextCursor } = await ask(`POST /workspaces/${workspaceId}/invitations/resend`, { body });
    all.push(...results);
    cursor = nextCursor;
    // A limit that stops a whole page is the inviter's or the workspace's, and stops the others too.
    if (!goesOn(all) || results.every(isThrottled)) return cursor === undefined;
  } while (cursor);
  return true;
}

/** @param {Result} result */
const isThrottled = ({ problem }) => problem?.code === 'throttled';
