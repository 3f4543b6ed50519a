import { ApiProblem, ask } from './api.js';
import { locale } from './i18n.js';

/** The reader's time zone, by its name; none where the browser does not tell. */
const own = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** A server whose list of zones is older may not know the newest. */
let zone = own;

/**
 * A path of the REST interface, and what makes its answer tell times and words as the reader has them.
 *
 * @param {string} path with or without a query
 */
export function toldHere(path) {
  const told = new URLSearchParams({ locale: locale(), timeZone: zone });
  return `${path}${path.includes('?') ? '&' : '?'}${told}`;
}

/**
 * Asks for what is told in words.
 *
 * @param {string} path below /v1
 * @param {AbortSignal} signal
 */
export async function askTold(path, signal) {
  const get = () => ask(/** @type {`GET /${string}`} */ (`GET ${toldHere(path)}`), { signal });
  try {
    return await get();
  } catch (error) {
    const isZone = error instanceof ApiProblem && error.code === 'invalid-request' && zone !== 'UTC';
    if (!isZone) throw error;
    zone = 'UTC';
    return await get().catch((again) => {
      zone = own;
      throw again;
    });
  }
}
