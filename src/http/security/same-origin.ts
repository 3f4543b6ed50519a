import type { FastifyRequest } from 'fastify';

import { Problem } from '../problems/problem.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets a request that a browser signs by a cookie pass only where a page of this service sent it. Browsers send cookies
 * along whoever made them ask; three things tell who did, and each holds where another is missing:
 *
 * - `X-CSRF: 1` with whatever changes something: no form can send it, and a script of another origin only after asking
 *   (CORS), which is answered by nobody here;
 * - `Sec-Fetch-Site` (Fetch Metadata), which no script can set;
 * - `Origin`, for browsers that do not send the former.
 *
 * @throws Problem `cross-site-request`
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string): void {
  const isSafe = SAFE_METHODS.has(request.method);
  if (!isSafe && request.headers['x-csrf'] !== '1') throw new Problem('cross-site-request');
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  if (site !== undefined) {
    // A person who types an address or opens a bookmark comes from no site.
    if (site !== 'same-origin' && !(isSafe && site === 'none')) throw new Problem('cross-site-request');
  } else if (origin !== undefined && !ownOrigins(request, publicUrl).includes(origin)) {
    throw new Problem('cross-site-request');
  }
}

function ownOrigins({ protocol, host }: FastifyRequest, publicUrl: string): readonly string[] {
  return [new URL(publicUrl).origin, `${protocol}://${host}`];
}
