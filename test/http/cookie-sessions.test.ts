import { randomUUID } from 'node:crypto';
import t from 'tap';

import { createSessionTokens } from '../../src/tokens/session-token.js';
import { appOn, openTestApi, PUBLIC_URL, wordsFor } from './support/api.js';

let time = Date.now();
const api = await openTestApi(t, { replace: () => ({ now: () => new Date(time) }) });
const { call, core } = api;

const DAY = 24 * 60 * 60 * 1000;
const SAME_ORIGIN = { 'x-csrf': '1', 'sec-fetch-site': 'same-origin', origin: PUBLIC_URL };

const signInToken = (email: string) => core.signInTokens.sign({ id: randomUUID(), email }, new Date(time));
const begin = (email: string, headers: Record<string, string> = SAME_ORIGIN) =>
  call('POST /v1/sessions', { body: { token: signInToken(email), cookie: true }, headers });

/** What a browser keeps of an answer, as it sends it back. */
function cookieOf({ headers }: { headers: Readonly<Record<string, string>> }): string {
  return String(headers['set-cookie'] ?? '').split(';')[0] ?? '';
}
const ask = (request: string, cookie: string, headers: Record<string, string> = {}, body?: unknown) =>
  call(request, { headers: { cookie, ...headers }, ...(body === undefined ? {} : { body }) });

t.test('a page signs in with a cookie that no script reads and no other site sends', async (t) => {
  const { status, headers, body } = await begin('ana@example.com');
  t.equal(status, 201);
  t.strictSame(body, { account: { id: api.person('ana@example.com'), email: 'ana@example.com', name: 'ana' } });
  const [pair = '', ...attributes] = String(headers['set-cookie']).split('; ');
  t.match(pair, /^__Host-session=eyJ/);
  t.strictSame(attributes.sort(), ['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax', 'Secure']);
  const claims = Buffer.from(pair.split('.')[1] ?? '', 'base64url').toString();
  t.notMatch(claims, /ana|example/, 'it says nothing of the person but their id');

  const me = await ask('GET /v1/me', pair);
  t.match([me.status, me.body.account], [200, body.account]);
  const created = await ask('POST /v1/workspaces', pair, SAME_ORIGIN, { name: 'Acme' });
  t.equal(created.status, 201);
  t.equal((await ask('GET /v1/me', pair)).headers['set-cookie'], undefined, 'a young session is not renewed');
});

t.test('where the service is reached over http, the cookie is one that browsers take', async (t) => {
  const app = await appOn(api, api.tokenKeys, { config: { publicUrl: 'http://localhost:3000' } });
  t.teardown(() => app.close());
  const { headers } = await wordsFor(app, api).call('POST /v1/sessions', {
    body: { token: signInToken('http@example.com'), cookie: true },
    headers: { 'x-csrf': '1', origin: 'http://localhost:3000' },
  });
  t.match(headers['set-cookie'], /^session=eyJ[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
});

t.test('what changes something takes a page of this origin', async (t) => {
  const cookie = cookieOf(await begin('victim@example.com'));
  const rename = (headers: Record<string, string>) => ask('PATCH /v1/me', cookie, headers, { name: 'Eve' });
  const forgeries: Record<string, Record<string, string>> = {
    'a form, or a script that asks nobody': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    'a browser that says nothing': {},
    'another value of the header': { ...SAME_ORIGIN, 'x-csrf': 'true' },
    'a script of another site that was allowed the header': {
      'x-csrf': '1',
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    },
    'a sister site': { 'x-csrf': '1', origin: 'https://other.example.com', 'sec-fetch-site': 'same-site' },
    'no site at all': { 'x-csrf': '1', 'sec-fetch-site': 'none' },
    'an old browser, of another origin': { 'x-csrf': '1', origin: 'https://evil.example' },
    'a page without an origin': { 'x-csrf': '1', origin: 'null' },
    'the same host, by another scheme': { 'x-csrf': '1', origin: 'http://invitations.example.com' },
  };
  for (const [name, headers] of Object.entries(forgeries)) {
    const { status, body } = await rename(headers);
    t.strictSame([status, body.code], [403, 'cross-site-request'], name);
  }
  t.equal((await ask('GET /v1/me', cookie)).body.account.name, 'victim', 'nothing was changed');
  t.equal((await rename({ 'x-csrf': '1', origin: PUBLIC_URL })).status, 200, 'an old browser, of this origin');
  t.equal((await rename({ 'x-csrf': '1' })).status, 200, 'who can set the header is no other site');
});

t.test('a browser is not forbidden to ask with a token of its own, from wherever', async (t) => {
  const cookie = cookieOf(await begin('both@example.com'));
  const person = await api.signIn('token@example.com');
  const { status, body } = await call('PATCH /v1/me', {
    as: person,
    headers: { cookie, origin: 'https://partner.example' },
    body: { name: 'Token' },
  });
  t.strictSame([status, body.id], [200, person.id], 'the token goes before the cookie');
});

t.test('other sites read nothing with the cookie, but a bookmark works', async (t) => {
  const cookie = cookieOf(await begin('reader@example.com'));
  const site = (value: string) => ask('GET /v1/me', cookie, { 'sec-fetch-site': value });
  t.equal((await site('cross-site')).body.code, 'cross-site-request');
  t.equal((await site('same-site')).body.code, 'cross-site-request');
  t.equal((await site('none')).status, 200);
  t.equal((await site('same-origin')).status, 200);
});

t.test('no other site signs anybody in or out', async (t) => {
  const token = signInToken('login@example.com');
  const forged = { 'x-csrf': '1', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const attempt = await call('POST /v1/sessions', { body: { token, cookie: true }, headers: forged });
  t.strictSame(
    [attempt.status, attempt.body.code, attempt.headers['set-cookie']],
    [403, 'cross-site-request', undefined],
  );
  const own = await call('POST /v1/sessions', { body: { token, cookie: true }, headers: SAME_ORIGIN });
  t.equal(own.status, 201, 'the link was not used up by the attempt');

  const cookie = cookieOf(own);
  t.equal((await ask('DELETE /v1/session', cookie, forged)).status, 403);
  t.equal((await ask('GET /v1/me', cookie)).status, 200);
});

t.test('who signs out is signed out, and so is whoever copied the cookie', async (t) => {
  const cookie = cookieOf(await begin('out@example.com'));
  const elsewhere = cookieOf(await begin('out@example.com'));
  const { status, headers } = await ask('DELETE /v1/session', cookie, SAME_ORIGIN);
  t.equal(status, 204);
  t.match(headers['set-cookie'], /^__Host-session=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970/);
  const after = await ask('GET /v1/me', cookie);
  t.strictSame([after.status, after.body.code], [401, 'session-ended']);
  t.match(after.headers['set-cookie'], /^__Host-session=; Max-Age=0/);
  t.equal((await ask('GET /v1/me', elsewhere)).status, 200, 'another browser stays signed in');
  t.equal((await ask('DELETE /v1/session', cookie, SAME_ORIGIN)).status, 204, 'once more does no harm');
  t.equal((await call('DELETE /v1/session')).status, 204, 'nor does signing out without a session');
});

t.test('a session that is used goes on, for thirty days at most; one that is not ends after seven', async (t) => {
  const start = time;
  t.teardown(() => {
    time = start;
  });
  const first = cookieOf(await begin('long@example.com'));
  let newest = first;
  for (let day = 2; day < 30; day += 4) {
    time = start + day * DAY;
    const answer = await ask('GET /v1/me', newest);
    t.equal(answer.status, 200, `day ${day}`);
    newest = cookieOf(answer);
    t.match(newest, /^__Host-session=eyJ/, 'renewed');
  }
  t.equal((await ask('GET /v1/me', first)).body.code, 'session-ended', 'the first cookie was good for seven days');
  time = start + 30 * DAY + 1000;
  t.equal((await ask('GET /v1/me', newest)).body.code, 'session-ended');

  time = start;
  const idle = cookieOf(await begin('idle@example.com'));
  time = start + 7 * DAY;
  t.equal((await ask('GET /v1/me', idle)).body.code, 'session-ended');
});

t.test('signing out ends a renewed session too', async (t) => {
  const start = time;
  t.teardown(() => {
    time = start;
  });
  const first = cookieOf(await begin('renewed@example.com'));
  time = start + 2 * DAY;
  const second = cookieOf(await ask('GET /v1/me', first));
  await ask('DELETE /v1/session', first, SAME_ORIGIN);
  t.equal((await ask('GET /v1/me', second)).body.code, 'session-ended');
});

t.test('other tokens, and texts that are none, are no session', async (t) => {
  const person = await api.signIn('other@example.com');
  const unknown = createSessionTokens(api.tokenKeys).sign(
    { id: 'x', userId: 'a'.repeat(26), since: new Date(time) },
    new Date(time + DAY),
  );
  for (const token of [person.token, signInToken('other@example.com'), 'nonsense', '', unknown]) {
    const { status, body } = await ask('GET /v1/me', `__Host-session=${token}`);
    t.strictSame([status, body.code], [401, 'session-ended']);
  }
  const cookie = cookieOf(await begin('other@example.com')).slice('__Host-session='.length);
  const { body } = await call('GET /v1/me', { headers: { authorization: `Bearer ${cookie}` } });
  t.equal(body.code, 'invalid-access-token', 'nor is a session an access token');
});

t.test('accepting makes an account and a session, and takes a session for an account', async (t) => {
  const owner = await api.signIn('owner@example.com', 'Olivia');
  const workspaceId = await api.createWorkspace(owner);
  const linkTo = async (email: string) => api.linkOf(await api.invite(owner, workspaceId, email));
  const accept = (token: string, more: { cookie?: string; name?: string; headers?: Record<string, string> }) =>
    call('POST /v1/invitations/accept', {
      body: { token, cookie: true, ...(more.name ? { name: more.name } : {}) },
      headers: { ...(more.headers ?? SAME_ORIGIN), ...(more.cookie ? { cookie: more.cookie } : {}) },
    });

  const link = await linkTo('new@example.com');
  const forged = await accept(link, { name: 'New', headers: { 'x-csrf': '1', 'sec-fetch-site': 'cross-site' } });
  t.equal(forged.body.code, 'cross-site-request');
  const newcomer = await accept(link, { name: 'New', cookie: '__Host-session=ended' });
  t.strictSame([newcomer.status, newcomer.body.accessToken], [200, undefined], 'a session that ended is no hindrance');
  t.equal((await ask('GET /v1/me', cookieOf(newcomer))).body.account.email, 'new@example.com');

  const known = cookieOf(await begin('known@example.com'));
  const second = await linkTo('known@example.com');
  t.equal((await accept(second, { name: 'Known' })).body.code, 'sign-in-required');
  t.equal((await accept(second, { cookie: cookieOf(newcomer) })).body.code, 'wrong-account');
  t.equal((await accept(second, { cookie: known })).status, 200);
});

t.test('an answer that got lost is given again with its cookie', async (t) => {
  const token = signInToken('lost@example.com');
  const send = () =>
    call('POST /v1/sessions', {
      body: { token, cookie: true },
      headers: { ...SAME_ORIGIN, 'idempotency-key': 'lost' },
    });
  const first = await send();
  const second = await send();
  t.equal(second.headers['idempotency-replayed'], 'true');
  t.equal(second.headers['set-cookie'], first.headers['set-cookie']);
  t.equal((await ask('GET /v1/me', cookieOf(second))).status, 200);
});
