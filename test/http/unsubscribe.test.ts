import t from 'tap';

import { openTestApi, PUBLIC_URL } from './support/api.js';

const lines: string[] = [];
const api = await openTestApi(t, {
  log: (line) => lines.push(line),
  config: {
    rateLimits: {
      anonymous: { max: 30, seconds: 60 },
      failedAuthentication: { max: 100, seconds: 60 },
      pages: { max: 100, seconds: 60 },
      signInLinks: { max: 100, seconds: 60 },
    },
  },
});
const { app, core } = api;
const ana = await api.signIn('ana@example.com');
const PATH = '/v1/notifications/unsubscribe?token=';

const tokenFor = (kind: 'digests' | 'renewalRequests', issuedAt = new Date()) =>
  core.unsubscribeTokens.sign({ userId: ana.id, kind }, issuedAt);
const notifications = async () => (await api.call('GET /v1/me', { as: ana })).body.account.notifications;

/** As a mail program does it (RFC 8058, section 3.2). */
const click = (token: string, payload = 'List-Unsubscribe=One-Click', type = 'application/x-www-form-urlencoded') =>
  app.inject({ method: 'POST', url: PATH + token, headers: { 'content-type': type }, payload });

t.test('one click in a mail program turns off the kind of mail that it is in', async (t) => {
  const clicked = await click(tokenFor('digests'));
  t.strictSame([clicked.statusCode, clicked.json()], [200, { turnedOff: 'digests' }]);
  t.equal(clicked.headers['event-position'], await core.store.head());
  t.strictSame(await notifications(), { digests: false, renewalRequests: true });
  t.equal((await click(tokenFor('digests'))).statusCode, 200, 'again changes nothing');
  t.equal((await click(tokenFor('renewalRequests'))).statusCode, 200);
  t.strictSame(await notifications(), { digests: false, renewalRequests: false });
  await api.call('PATCH /v1/me', { as: ana, body: { notifications: { digests: true, renewalRequests: true } } });
});

t.test('a form of several parts is as good, and so is nothing', async (t) => {
  const parts = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
  t.equal((await click(tokenFor('digests'), parts, 'multipart/form-data; boundary=x')).statusCode, 200);
  const { statusCode } = await app.inject({ method: 'POST', url: PATH + tokenFor('renewalRequests') });
  t.equal(statusCode, 200);
  t.strictSame(await notifications(), { digests: false, renewalRequests: false });
  await api.call('PATCH /v1/me', { as: ana, body: { notifications: { digests: true, renewalRequests: true } } });
});

t.test('opening the link changes nothing, and leads to the page', async (t) => {
  const token = tokenFor('digests');
  const opened = await app.inject({ url: PATH + token });
  t.strictSame([opened.statusCode, opened.headers.location], [303, `${PUBLIC_URL}/preferences#${token}`]);
  t.match(await notifications(), { digests: true });
});

t.test('no other token will do, nor one that is very old', async (t) => {
  const old = new Date(Date.now() - 401 * 24 * 3_600_000);
  const signIn = core.signInTokens.sign({ id: 'x', email: 'ana@example.com' }, new Date());
  for (const token of [tokenFor('digests', old), signIn, 'nonsense', `${tokenFor('digests')}x`]) {
    const refused = await click(token);
    t.strictSame([refused.statusCode, refused.json().code], [400, 'invalid-token']);
  }
  t.equal((await app.inject({ method: 'POST', url: '/v1/notifications/unsubscribe' })).json().code, 'invalid-request');
  t.match(await notifications(), { digests: true });
});

t.test('the token is in no log', async (t) => {
  lines.length = 0;
  const token = tokenFor('digests');
  await click(token);
  await click('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl');
  await app.inject({ url: PATH + token });
  t.equal(lines.length, 3);
  t.notMatch(lines.join(''), /token=|eyJ/);
});

t.test('who asks too often is told to wait', async (t) => {
  let last = await click('x');
  for (let asked = 0; asked < 40 && last.statusCode !== 429; asked++) last = await click('x');
  t.strictSame([last.statusCode, last.json().code], [429, 'too-many-requests']);
});
