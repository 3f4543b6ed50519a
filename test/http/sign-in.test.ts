import t from 'tap';

import type { Accounts } from '../../src/commands/accounts.js';
import { EventStoreUnavailable } from '../../src/event-store/event-store.js';
import { appOn, openTestApi, wordsFor } from './support/api.js';

const api = await openTestApi(t, {
  config: {
    rateLimits: {
      anonymous: { max: 1_000, seconds: 60 },
      failedAuthentication: { max: 1_000, seconds: 60 },
      pages: { max: 1_000, seconds: 60 },
      signInLinks: { max: 3, seconds: 60 },
    },
  },
});
const { call, core } = api;

interface MailedLink {
  readonly email: string;
  readonly locale: string;
  readonly tokenId: string;
  readonly issuedAt: string;
}

/** What waits in the queue to be mailed to somebody. */
async function mailedLinks(email: string): Promise<MailedLink[]> {
  const { rows } = await core.pool.query(
    `select payload from graphile_worker._private_jobs where payload ->> 'email' = $1 order by id`,
    [email],
  );
  return rows.map(({ payload }) => payload);
}

/** The token of a link as the worker would mail it. */
function tokenOf({ tokenId: id, email, issuedAt }: MailedLink): string {
  return core.signInTokens.sign({ id, email }, new Date(issuedAt));
}

t.test('a link is mailed, and signs its reader in with an account of their own', async (t) => {
  const asked = await call('POST /v1/sign-in-links', { body: { email: 'Ana@Example.com', locale: 'pt-BR' } });
  t.strictSame([asked.status, asked.text], [202, '']);
  const [link] = await mailedLinks('Ana@example.com');
  t.equal(link?.locale, 'pt-BR');

  const { status, headers, body } = await call('POST /v1/sessions', {
    body: { token: tokenOf(link as MailedLink), name: 'Ana Souza' },
  });
  t.equal(status, 201);
  const id = api.person('ana@example.com');
  t.strictSame(body, {
    accessToken: body.accessToken,
    tokenType: 'Bearer',
    expiresIn: 900,
    account: { id, email: 'Ana@example.com', name: 'Ana Souza' },
  });
  t.equal(headers['event-position'], await core.store.head());

  const me = await call('GET /v1/me', { as: { ...body.account, token: body.accessToken } });
  t.match(me.body, { account: body.account, workspaces: [] });
});

t.test('who gives no name is called what stands before the @, and keeps the name at the next sign-in', async (t) => {
  t.equal((await api.signIn('bob@example.com')).name, 'bob');
  t.equal((await api.signIn('BOB@example.com', 'Somebody Else')).name, 'bob');
});

t.test('nothing tells whether an address has an account', async (t) => {
  await api.signIn('known@example.com');
  const known = await call('POST /v1/sign-in-links', { body: { email: 'known@example.com' } });
  const unknown = await call('POST /v1/sign-in-links', { body: { email: 'unknown@example.com' } });
  const plain = ({ status, text, headers }: typeof known) => {
    const { date, 'x-request-id': _id, 'ratelimit-remaining': _left, 'ratelimit-reset': _reset, ...same } = headers;
    return { status, text, headers: Object.keys(same).sort() };
  };
  t.strictSame(plain(known), plain(unknown));
  t.equal((await mailedLinks('unknown@example.com')).length, 1, 'a stranger can sign up by signing in');
});

t.test('a link works once', async (t) => {
  const token = core.signInTokens.sign({ id: 'once', email: 'once@example.com' }, new Date());
  const both = await Promise.all([1, 2].map(() => call('POST /v1/sessions', { body: { token } })));
  t.strictSame(both.map(({ status }) => status).sort(), [201, 410]);
  const again = await call('POST /v1/sessions', { body: { token } });
  t.strictSame([again.status, again.body.code], [410, 'sign-in-link-used']);
});

t.test('a link works for ten minutes', async (t) => {
  const now = new Date();
  const app = await appOn(api, api.tokenKeys, { replace: () => ({ now: () => now }) });
  t.teardown(() => app.close());
  const signIn = (age: number) => {
    const issuedAt = new Date(now.getTime() - age * 1000);
    const token = core.signInTokens.sign({ id: `aged ${age}`, email: 'late@example.com' }, issuedAt);
    return wordsFor(app, api).call('POST /v1/sessions', { body: { token } });
  };
  t.equal((await signIn(599)).status, 201);
  const late = await signIn(601);
  t.strictSame([late.status, late.body.code], [400, 'invalid-token']);
  t.match(late.body.detail, /expired/);
});

t.test('other tokens, and texts that are none, sign nobody in', async (t) => {
  const owner = await api.signIn('owner@example.com');
  const workspaceId = await api.createWorkspace(owner);
  const invitation = api.linkOf(await api.invite(owner, workspaceId, 'invited@example.com'));
  for (const token of [owner.token, invitation, 'nonsense', 'a.b.c', '']) {
    const { status, body } = await call('POST /v1/sessions', { body: { token } });
    t.strictSame([status, body.code], [400, token === '' ? 'invalid-request' : 'invalid-token']);
  }
});

t.test('an address that is none is refused, in words', async (t) => {
  const { status, body } = await call('POST /v1/sign-in-links', { body: { email: 'ana example.com' } });
  t.strictSame(
    [status, body.code, body.fault, body.errors[0].pointer],
    [400, 'invalid-address', 'no-at-sign', '#/email'],
  );
  t.match(body.detail, /no @/);
});

t.test('the mail is in the language of the browser where none is asked for', async (t) => {
  const headers = { 'accept-language': 'es-MX,es;q=0.9,en;q=0.8' };
  await call('POST /v1/sign-in-links', { body: { email: 'luz@example.com' }, headers });
  await call('POST /v1/sign-in-links', { body: { email: 'luz@example.com' }, headers: { 'accept-language': '*' } });
  t.strictSame(
    (await mailedLinks('luz@example.com')).map(({ locale }) => locale),
    ['es-MX', ''],
  );
});

t.test('nobody is mailed links without end, however the address is written', async (t) => {
  const ask = (email: string) => call('POST /v1/sign-in-links', { body: { email } });
  for (const email of ['eve@example.com', 'EVE@example.com', 'eve@EXAMPLE.com'])
    t.equal((await ask(email)).status, 202);
  const refused = await ask('Eve <eve@example.com>');
  t.strictSame([refused.status, refused.body.code], [429, 'too-many-requests']);
  t.ok(Number(refused.headers['retry-after']) > 0);
  t.equal((await ask('adam@example.com')).status, 202, 'others are not concerned');
});

t.test('a session is asked for again with the same idempotency key after its answer got lost', async (t) => {
  const token = core.signInTokens.sign({ id: 'lost', email: 'lost@example.com' }, new Date());
  const ask = (key: string) => call('POST /v1/sessions', { body: { token }, headers: { 'idempotency-key': key } });
  const first = await ask('k1');
  const second = await ask('k1');
  t.equal(first.status, 201);
  t.strictSame([second.status, second.text], [201, first.text]);
  t.equal((await ask('k2')).status, 410);
});

t.test('a link by which nobody could be signed in, as the log was away, stays good', async (t) => {
  let failures = 1;
  const accounts = new Proxy(core.accounts, {
    get(real, property: keyof Accounts) {
      if (property !== 'register') return real[property].bind(real);
      return async (...args: Parameters<Accounts['register']>) => {
        if (failures-- > 0) throw new EventStoreUnavailable('away');
        return real.register(...args);
      };
    },
  });
  const app = await appOn(api, api.tokenKeys, { replace: () => ({ accounts }) });
  t.teardown(() => app.close());
  const words = wordsFor(app, api);
  const token = core.signInTokens.sign({ id: 'kept-for-later', email: 'kept@example.com' }, new Date());
  const signIn = () => words.call('POST /v1/sessions', { body: { token } });
  t.match(await signIn(), { status: 503, body: { code: 'event-store-unavailable' } });
  t.equal((await signIn()).status, 201);
  t.match(await signIn(), { body: { code: 'sign-in-link-used' } });
});
