import { duration } from './duration.js';
import { tOr } from './i18n.js';

/** A request that came to nothing: what the service said, or that it could not be reached (`offline`). */
export class ApiProblem extends Error {
  /**
   * @param {string} code
   * @param {{ status?: number, detail?: string, seconds?: number, facts?: any }} [more]
   *   seconds until it is worth another try; facts: the answer as it came, for members of its own
   */
  constructor(code, { status = 0, detail = '', seconds, facts = {} } = {}) {
    super(detail || code);
    this.code = code;
    this.status = status;
    this.seconds = seconds;
    this.facts = facts;
  }
}

/**
 * @typedef {object} RequestOptions
 * @property {unknown} [body]
 * @property {string | null} [key] the same for a request that is sent again; null for one that changes nothing
 * @property {AbortSignal} [signal]
 * @property {string} [token] asks with this access token, and not in the session
 * @property {boolean} [mayBeNobody] whether the page is for people, too, who are not signed in
 */

/** A key for a request that changes something. (`crypto.randomUUID` is not there where the pages are served without https.) */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The newest position that an answer has told: lists are asked for as of then, so that people see what they did. */
let newest = '';

/** Where the pages go when the session has ended. */
let signedOut = () => {};

/** @param {() => void} action */
export function onSignedOut(action) {
  signedOut = action;
}

/** How often something is asked for that lags behind what was just written; the service waits a while each time. */
const TRIES = 4;

const SIGNED_OUT = new Set(['authentication-required', 'session-ended']);

/**
 * Asks the REST interface, in the session that the cookie keeps.
 *
 * @param {`${'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'} /${string}`} what method and path below /v1
 * @param {RequestOptions} [options]
 * @returns {Promise<any>} what the answer holds
 * @throws {ApiProblem}
 */
export async function ask(what, options = {}) {
  for (let tried = 1; ; tried++) {
    const { response, body } = await askOnce(what, options);
    if (response.ok) return body;
    const lags = what.startsWith('GET ') && body?.code === 'projection-behind';
    if (!lags || tried === TRIES) throw problemIn(response, body, options);
  }
}

/**
 * @param {Response} response
 * @param {any} body
 * @param {RequestOptions} options
 */
function problemIn(response, body, { mayBeNobody }) {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const problem = new ApiProblem(body?.code ?? 'unknown', {
    status: response.status,
    detail: body?.detail,
    facts: body,
    ...(Number.isFinite(seconds) ? { seconds } : {}),
  });
  if (SIGNED_OUT.has(problem.code) && !mayBeNobody) signedOut();
  return problem;
}

/**
 * @param {string} what
 * @param {RequestOptions} options
 */
async function askOnce(what, { body, key, signal, token }) {
  const [method = 'GET', path = ''] = what.split(' ');
  const isQuery = method === 'GET';
  const response = await fetch(`/v1${path}`, {
    method,
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(isQuery ? {} : { ...(key === null ? {} : { 'idempotency-key': key ?? newKey() }), 'x-csrf': '1' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(isQuery && newest !== '' ? { 'min-event-position': newest } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error) => {
    if (signal?.aborted) throw error;
    throw new ApiProblem('offline');
  });
  const position = response.headers.get('event-position') ?? '';
  if (position > newest) newest = position;
  const answer = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  return { response, body: answer };
}

/** Seconds to wait where an answer does not say how many. */
const USUAL_PAUSE = 60;

/**
 * What a person reads of a problem, in their language.
 *
 * @param {unknown} error
 */
export function problemText(error) {
  return error instanceof ApiProblem ? codeText(error.code, error.seconds) : codeText('unknown');
}

/**
 * @param {string} code of a problem
 * @param {number} [seconds] until it is worth another try
 */
export function codeText(code, seconds = USUAL_PAUSE) {
  return tOr(`problem.${code}`, 'problem.unknown', { time: duration(Math.max(1, Math.ceil(seconds))) });
}
