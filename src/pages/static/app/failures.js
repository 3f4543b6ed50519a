import { codeText } from './api.js';
import { t } from './i18n.js';

/** @typedef {{ problem?: { code: string, possibleAt?: string } }} Result of one of many, as the REST interface answers */

/**
 * Why some of many did not work, one sentence for each reason.
 *
 * @param {readonly Result[]} results
 * @returns {string[]}
 */
export function failureTexts(results) {
  /** @type {Map<string, { count: number, until: number }>} */
  const reasons = new Map();
  for (const { problem } of results) {
    if (!problem) continue;
    const { count, until } = reasons.get(problem.code) ?? { count: 0, until: 0 };
    const possibleAt = Date.parse(problem.possibleAt ?? '') || 0;
    reasons.set(problem.code, { count: count + 1, until: Math.max(until, possibleAt) });
  }
  return [...reasons].map(([code, { count, until }]) => {
    const seconds = until === 0 ? undefined : (until - Date.now()) / 1000;
    return t('users.failedWhy', { count, why: codeText(code, seconds) });
  });
}
