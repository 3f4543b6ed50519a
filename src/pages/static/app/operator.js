import { ApiProblem, ask } from './api.js';
import { store } from './store.js';

const KEPT = 'operator-token';

/** Problems that another token would not have. */
const NOT_GOOD = new Set(['invalid-access-token', 'authentication-required', 'operator-required']);

/**
 * The operator's access token: kept for this tab, and gone with it. No cookie: what nobody sends by itself, no other site
 * can have sent.
 */
export const operatorToken = store(sessionStorage.getItem(KEPT) ?? '');

/** @param {string} token */
export function keepToken(token) {
  sessionStorage.setItem(KEPT, token);
  operatorToken.set(token);
}

export function forgetToken() {
  sessionStorage.removeItem(KEPT);
  operatorToken.set('');
}

/**
 * @param {Parameters<typeof ask>[0]} what
 * @param {{ body?: unknown, token?: string }} [options]
 */
export async function askAsOperator(what, { body, token = operatorToken.get() } = {}) {
  try {
    return await ask(what, { body, token, key: null, mayBeNobody: true });
  } catch (error) {
    if (error instanceof ApiProblem && NOT_GOOD.has(error.code)) forgetToken();
    throw error;
  }
}
