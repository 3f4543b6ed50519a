import type { onRequestHookHandler } from 'fastify';

import { hostOf, isThisMachine, serverUrl } from '../server-url.js';

/**
 * Sends a browser that has come by another name of this machine, such as localhost, to the one that links begin with: a session is kept
 * for one name, and whoever signs in by a mailed link would be a stranger under the other. Names of other machines, and other ports, are
 * left to whoever set them up.
 */
export function toOneName(publicUrl: string): onRequestHookHandler {
  const ours = new URL(publicUrl);
  const isHere = isThisMachine(hostOf(ours));
  return (request, reply, done) => {
    const asked = isHere && isPage(request.method, request.headers.accept) ? askedFor(request.host) : undefined;
    const isOther = asked && isThisMachine(hostOf(asked)) && asked.port === ours.port && asked.host !== ours.host;
    if (isOther) void reply.redirect(`${ours.origin}${request.url}`);
    else done();
  };
}

const isPage = (method: string, accept = ''): boolean => method === 'GET' && accept.includes('text/html');

const askedFor = (host: string): URL | undefined => serverUrl(`http://${host}`, ['http:']);
