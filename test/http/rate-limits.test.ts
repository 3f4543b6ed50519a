import t from 'tap';

import { appOn, NO_LIMITS, openTestApi, wordsFor } from './support/api.js';

const api = await openTestApi(t);

async function limited(
  t: { teardown(action: () => Promise<unknown>): void },
  rateLimits: Partial<typeof NO_LIMITS>,
  more: object = {},
) {
  const app = await appOn(api, api.tokenKeys, { config: { rateLimits: { ...NO_LIMITS, ...rateLimits }, ...more } });
  t.teardown(() => app.close());
  return wordsFor(app, api).call;
}

t.test('what needs no token is limited per client, all routes together, in headers that say so', async (t) => {
  const call = await limited(t, { anonymous: { max: 3, seconds: 60 } });
  const ask = (what: string, from: string) =>
    call(`POST /v1/${what}`, { body: { token: 'x', email: 'not one' }, from });
  const first = await ask('invitations/lookup', '10.0.0.1');
  t.strictSame(
    [first.headers['ratelimit-limit'], first.headers['ratelimit-remaining'], first.headers['ratelimit-reset']],
    ['3', '2', '60'],
  );
  await ask('sessions', '10.0.0.1');
  await ask('sign-in-links', '10.0.0.1');
  const { status, headers, body } = await ask('invitations/accept', '10.0.0.1');
  t.strictSame([status, body.code, headers['ratelimit-remaining']], [429, 'too-many-requests', '0']);
  t.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
  const pause = Number(headers['retry-after']);
  t.ok(pause > 0 && pause <= 60);
  t.not((await ask('invitations/accept', '10.0.0.2')).status, 429, 'others are not concerned');
});

t.test('those who are signed in are not limited', async (t) => {
  const call = await limited(t, {
    anonymous: { max: 1, seconds: 60 },
    pages: { max: 1, seconds: 60 },
    failedAuthentication: { max: 1, seconds: 60 },
  });
  const owner = await api.signIn('owner@example.com');
  for (let i = 0; i < 5; i++) {
    const { status, headers } = await call('GET /v1/me', { as: owner });
    t.strictSame([status, headers['ratelimit-limit']], [200, undefined]);
  }
});

t.test('tokens are not to be guessed', async (t) => {
  const call = await limited(t, { failedAuthentication: { max: 2, seconds: 60 } });
  const guess = (from: string) => call('GET /v1/me', { headers: { authorization: 'Bearer guess' }, from });
  t.strictSame([(await guess('10.0.0.1')).status, (await guess('10.0.0.1')).status], [401, 401]);
  const refused = await guess('10.0.0.1');
  t.strictSame([refused.status, refused.body.code], [429, 'too-many-requests']);
  t.equal((await guess('10.0.0.2')).status, 401);
});

t.test('pages, metrics and what does not exist are limited too', async (t) => {
  const call = await limited(t, { pages: { max: 4, seconds: 60 } });
  const paths = ['metrics', 'openapi.json', 'docs', 'nothing', 'problems', 'metrics'];
  const statuses = [];
  for (const path of paths) statuses.push((await call(`GET /${path}`)).status);
  t.strictSame(statuses, [200, 200, 200, 404, 429, 429]);
});

t.test('health checks are not: whoever asks would take the process for one that cannot serve', async (t) => {
  const call = await limited(t, { pages: { max: 1, seconds: 60 }, anonymous: { max: 1, seconds: 60 } });
  t.strictSame([(await call('GET /docs')).status, (await call('GET /docs')).status], [200, 429]);
  for (const path of ['live', 'ready', 'live', 'ready']) {
    const { status, headers } = await call(`GET /health/${path}`);
    t.not(status, 429, path);
    t.equal(headers['ratelimit-limit'], undefined, path);
  }
});

t.test('behind a proxy that is trusted, the client is whom the proxy names', async (t) => {
  const forwarded = (client: string) => ({ headers: { 'x-forwarded-for': client }, from: '10.9.9.9' });
  const direct = await limited(t, { pages: { max: 1, seconds: 60 } });
  t.strictSame(
    [
      (await direct('GET /problems', forwarded('1.1.1.1'))).status,
      (await direct('GET /problems', forwarded('2.2.2.2'))).status,
    ],
    [200, 429],
    'whoever comes directly cannot say that they are somebody else',
  );
  const proxied = await limited(t, { pages: { max: 1, seconds: 60 } }, { trustProxy: '10.0.0.0/8' });
  t.strictSame(
    [
      (await proxied('GET /problems', forwarded('1.1.1.1'))).status,
      (await proxied('GET /problems', forwarded('2.2.2.2'))).status,
      (await proxied('GET /problems', forwarded('1.1.1.1'))).status,
    ],
    [200, 200, 429],
  );
});
