import { createHmac, randomBytes } from 'node:crypto';
import t from 'tap';

import { parseTokenKeys } from '../../src/tokens/keys.js';
import { tokenCodec } from '../../src/tokens/signed-token.js';
import { appOn, openTestApi, wordsFor } from './support/api.js';

const api = await openTestApi(t);
const { call } = api;
const owner = await api.signIn('owner@example.com');

const inAnHour = () => new Date(Date.now() + 3_600_000);
const claims = { sub: owner.id, email: owner.email, name: owner.name };

/** A token with any claims whatever, signed by the newest key. */
function signed(payload: object): string {
  const [{ id: kid, secret }] = api.tokenKeys;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

async function withAuthorization(authorization: string) {
  return call('GET /v1/me', { headers: { authorization } });
}

t.test('without a token, the answer says how to authenticate and nothing else (RFC 6750, section 3)', async (t) => {
  const { status, headers, body } = await call('GET /v1/me');
  t.strictSame([status, body.code], [401, 'authentication-required']);
  t.equal(headers['www-authenticate'], 'Bearer realm="workspace-invitations"');
});

t.test('a token that is not good is refused', async (t) => {
  const codec = tokenCodec<typeof claims>('access', api.tokenKeys);
  const otherKeys = parseTokenKeys(randomBytes(32).toString('base64'));
  const [header, payload, signature] = owner.token.split('.') as [string, string, string];
  const unsigned = Buffer.from(JSON.stringify({ alg: 'none', kid: api.tokenKeys[0].id })).toString('base64url');
  const bad = {
    nonsense: 'nonsense',
    'of another service': tokenCodec<typeof claims>('access', otherKeys).sign(claims, inAnHour()),
    'for something else': tokenCodec<typeof claims>('invitation', api.tokenKeys).sign(claims, inAnHour()),
    expired: codec.sign(claims, new Date(Date.now() - 1_000)),
    'with another signature': `${header}.${payload}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
    unsigned: `${unsigned}.${payload}.`,
    'that never expires': signed({ ...claims, aud: 'access' }),
    'of nobody': signed({ aud: 'access', exp: Math.floor(inAnHour().getTime() / 1000) }),
    'of a sign-in link': api.core.signInTokens.sign({ id: 'x', email: owner.email }, new Date()),
  };
  for (const [what, token] of Object.entries(bad)) {
    const { status, headers, body } = await withAuthorization(`Bearer ${token}`);
    t.strictSame([status, body.code], [401, 'invalid-access-token'], what);
    t.match(headers['www-authenticate'], /^Bearer realm="workspace-invitations", error="invalid_token"/, what);
  }
  t.match((await withAuthorization(`Bearer ${bad.expired}`)).body.detail, /expired/);
  const exp = Math.floor(inAnHour().getTime() / 1000);
  t.equal(
    (await withAuthorization(`Bearer ${signed({ ...claims, aud: 'access', exp })}`)).status,
    200,
    'else it is good',
  );
  t.equal((await withAuthorization(`Bearer ${codec.sign(claims, inAnHour())}`)).status, 200, 'a good one passes');
});

t.test('other ways to authenticate are refused', async (t) => {
  for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer a b', owner.token]) {
    const { status, body } = await withAuthorization(authorization);
    t.strictSame([status, body.code], [401, 'invalid-access-token'], authorization.slice(0, 12));
  }
  t.equal((await withAuthorization(`bearer ${owner.token}`)).status, 200, 'schemes know no case');
});

t.test('keys rotate: the newest signs, older ones are good as long as they are kept', async (t) => {
  const newest = parseTokenKeys(randomBytes(32).toString('base64'))[0];
  const app = await appOn(api, [newest, ...api.tokenKeys], {});
  t.teardown(() => app.close());
  const words = wordsFor(app, api);
  t.equal((await words.call('GET /v1/me', { as: owner })).status, 200);
  const { token } = await words.signIn('owner@example.com');
  t.equal(JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).kid, newest.id);
  t.equal((await withAuthorization(`Bearer ${token}`)).status, 401, 'unknown to whoever has only the older key');
});

t.test('signing in is possible with a stale token at hand', async (t) => {
  const token = api.core.signInTokens.sign({ id: 'stale', email: owner.email }, new Date());
  const { status } = await call('POST /v1/sessions', { body: { token }, headers: { authorization: 'Bearer stale' } });
  t.equal(status, 201);
});
