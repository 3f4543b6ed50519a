import t from 'tap';

import { appOn, openTestApi } from './support/api.js';

const api = await openTestApi(t);
const OURS = 'https://app.example.com';
const app = await appOn(api, api.tokenKeys, { config: { corsOrigins: [OURS, 'http://localhost:5173'] } });
t.teardown(() => app.close());

const corsHeaders = (headers: object) => Object.entries(headers).filter(([name]) => name.startsWith('access-control-'));

/** A browser asks whether a page of `origin` may. */
const preflight = (origin: string, url = '/v1/workspaces', on = app) =>
  on.inject({
    method: 'OPTIONS',
    url,
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });

t.test('pages of an origin that is listed may call, and never with cookies', async (t) => {
  const { statusCode, headers } = await preflight(OURS);
  t.equal(statusCode, 204);
  t.match(headers, {
    'access-control-allow-origin': OURS,
    'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
    'access-control-allow-headers': /authorization, content-type, idempotency-key, min-event-position/,
    'access-control-max-age': '600',
    vary: /Origin/,
  });
  t.notOk('access-control-allow-credentials' in headers);
});

t.test('answers and refusals can be read by them, with the headers that matter', async (t) => {
  for (const url of ['/v1/me', '/v1/operations/projections']) {
    const { statusCode, headers } = await app.inject({ url, headers: { origin: OURS } });
    t.equal(statusCode, 401);
    t.equal(headers['access-control-allow-origin'], OURS);
    t.match(headers['access-control-expose-headers'], /event-position, .*retry-after/);
  }
});

t.test('pages of other origins may not, nor may anybody beside the interface', async (t) => {
  for (const origin of ['https://evil.example.com', 'https://app.example.com.evil.example.com', 'null']) {
    const { headers } = await preflight(origin);
    t.notOk('access-control-allow-origin' in headers, origin);
  }
  for (const url of ['/health/ready', '/openapi.json', '/metrics']) {
    t.strictSame(corsHeaders((await app.inject({ url, headers: { origin: OURS } })).headers), [], url);
  }
});

t.test('what does not exist is still not found', async (t) => {
  t.equal((await app.inject('/v1/nothing')).statusCode, 404);
  t.equal((await app.inject({ method: 'PUT', url: '/v1/me' })).headers['allow'], 'GET, HEAD, PATCH');
});

t.test('with nothing listed there is no such thing', async (t) => {
  const { statusCode, headers } = await preflight(OURS, '/v1/workspaces', api.app);
  t.equal(statusCode, 405);
  t.strictSame(corsHeaders(headers), []);
});
