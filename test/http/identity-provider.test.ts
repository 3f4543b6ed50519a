import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';

import { accountStream } from '../../src/domain/streams.js';
import { appOn, NO_LIMITS, openTestApi, wordsFor } from './support/api.js';

const AUDIENCE = 'workspace-invitations';

/** An identity provider that serves its keys, as real ones do. */
async function startProvider() {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let requests = 0;
  let isUp = true;
  const server = createServer((request, response) => {
    requests++;
    if (!isUp) {
      response.writeHead(500).end('{}');
      return;
    }
    const document = request.url?.endsWith('openid-configuration')
      ? { jwks_uri: `${issuer}jwks` }
      : { keys: [jwk(rsa.publicKey, 'rsa', 'RS256'), jwk(ec.publicKey, 'ec', 'ES256')] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const now = Math.floor(Date.now() / 1000);
  const usual = {
    iss: issuer,
    aud: AUDIENCE,
    exp: now + 600,
    email: 'Ana@example.com',
    email_verified: true,
    name: 'Ana Souza',
  };
  return {
    issuer,
    requests: () => requests,
    setUp: (up: boolean) => {
      isUp = up;
    },
    rs256: (claims: object = {}, kid = 'rsa') =>
      compact({ alg: 'RS256', kid }, { ...usual, ...claims }, (input) => sign('sha256', input, rsa.privateKey)),
    es256: (claims: object = {}) =>
      compact({ alg: 'ES256', kid: 'ec' }, { ...usual, ...claims }, (input) =>
        sign('sha256', input, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }),
      ),
    /** Signed with the public key as if it were a shared secret: what RFC 8725, section 2.1 warns of. */
    confused: () =>
      compact({ alg: 'HS256', kid: 'rsa' }, usual, (input) =>
        createHmac('sha256', rsa.publicKey.export({ type: 'spki', format: 'pem' }))
          .update(input)
          .digest(),
      ),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

function jwk(key: KeyObject, kid: string, alg: string): object {
  return { ...key.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

function compact(header: object, claims: object, signed: (input: Buffer) => Buffer): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${signed(Buffer.from(input)).toString('base64url')}`;
}

const provider = await startProvider();
t.teardown(() => provider.stop());
const api = await openTestApi(t, {
  config: { identityProvider: { issuer: provider.issuer, audience: AUDIENCE, jwksUrl: `${provider.issuer}jwks` } },
});

async function me(token: string, words: Pick<typeof api, 'call'> = api) {
  return words.call('GET /v1/me', { headers: { authorization: `Bearer ${token}` } });
}

t.test('a token of the provider signs its person in, whose account is registered at first sight', async (t) => {
  const id = api.person('ana@example.com');
  const first = await me(provider.rs256());
  t.match([first.status, first.body.account], [200, { id, email: 'Ana@example.com', name: 'Ana Souza' }]);
  const requests = provider.requests();
  t.equal((await me(provider.es256())).status, 200);
  t.equal((await me(provider.rs256())).status, 200);
  t.strictSame(await api.eventTypes(accountStream(id)), ['AccountRegistered']);
  t.equal(provider.requests(), requests + 1, 'keys are asked for once each');
});

t.test(
  'a token whose scope holds the word operator is good for operations, and no other token of that person',
  async (t) => {
    const reactor = async (claims: object) =>
      (await api.call('GET /v1/operations/reactor', { headers: { authorization: `Bearer ${provider.rs256(claims)}` } }))
        .status;
    t.equal(await reactor({ scope: 'openid operator' }), 200);
    t.equal(await reactor({}), 403);
    t.equal(await reactor({ scope: 'openid operators' }), 403);
    t.equal(await reactor({ scope: ['operator'] }), 403);
  },
);

t.test('a name that cannot be an account name is made fit, or replaced by what stands before the @', async (t) => {
  const name = async (email: string, claim: unknown) =>
    (await me(provider.rs256({ email, name: claim }))).body.account.name;
  t.equal(await name('one@example.com', 'A\u0000na\n Souza'), 'A na  Souza');
  t.equal(await name('two@example.com', ' \u0007 '), 'two');
  t.equal(await name('three@example.com', 'x'.repeat(300)), 'x'.repeat(100));
  t.equal(await name('four@example.com', 7), 'four');
});

t.test('tokens that say too little or are meant for others are refused', async (t) => {
  const refused = {
    'of another issuer': provider.rs256({ iss: 'https://other.example.com/' }),
    'for another audience': provider.rs256({ aud: 'something-else' }),
    expired: provider.rs256({ exp: Math.floor(Date.now() / 1000) - 60 }),
    'that never expires': provider.rs256({ exp: undefined }),
    'whose address is not verified': provider.rs256({ email_verified: false }),
    'whose address is verified in words': provider.rs256({ email_verified: 'true' }),
    'without an address': provider.rs256({ email: undefined }),
    'whose address is none': provider.rs256({ email: 'nonsense' }),
    'of an unknown key': provider.rs256({}, 'unknown'),
    'signed with the public key': provider.confused(),
    'not signed': compact({ alg: 'none', kid: 'rsa' }, { sub: 'x' }, () => Buffer.alloc(0)),
  };
  for (const [what, token] of Object.entries(refused)) {
    const { status, body, headers } = await me(token);
    t.strictSame([status, body.code], [401, 'invalid-access-token'], what);
    t.match(headers['www-authenticate'], /error="invalid_token"/, what);
  }
});

t.test("this service's own tokens go on being good", async (t) => {
  const own = await api.signIn('own@example.com');
  t.equal((await api.call('GET /v1/me', { as: own })).status, 200);
});

t.test('the keys are found by the issuer alone', async (t) => {
  const app = await appOn(api, api.tokenKeys, {
    config: { identityProvider: { issuer: provider.issuer, audience: AUDIENCE } },
  });
  t.teardown(() => app.close());
  t.equal((await me(provider.rs256(), wordsFor(app, api))).status, 200);
});

t.test('a provider that does not answer is not the fault of the token', async (t) => {
  const app = await appOn(api, api.tokenKeys, {
    config: { identityProvider: { issuer: provider.issuer, audience: AUDIENCE } },
  });
  t.teardown(() => app.close());
  provider.setUp(false);
  t.teardown(() => provider.setUp(true));
  const { status, body, headers } = await me(provider.rs256(), wordsFor(app, api));
  t.strictSame([status, body.code, headers['retry-after']], [503, 'identity-provider-unavailable', '5']);
});

t.test('whoever fails too often is not even looked up any more', async (t) => {
  const app = await appOn(api, api.tokenKeys, {
    config: {
      identityProvider: { issuer: provider.issuer, audience: AUDIENCE },
      rateLimits: { ...NO_LIMITS, failedAuthentication: { max: 2, seconds: 60 } },
    },
  });
  t.teardown(() => app.close());
  const words = wordsFor(app, api);
  const guess = () => me(provider.rs256({}, 'guess'), words);
  t.strictSame([(await guess()).status, (await guess()).status], [401, 401]);
  const requests = provider.requests();
  const { status, body } = await guess();
  t.strictSame([status, body.code, provider.requests()], [429, 'too-many-requests', requests]);
});
