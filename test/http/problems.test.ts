import { request as rawRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { sql } from 'kysely';
import t from 'tap';
import { Accounts } from '../../src/commands/accounts.js';
import { AggregateStore } from '../../src/commands/aggregate-store.js';
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { StreamConflict } from '../../src/event-store/event-store.js';
import { PROBLEMS } from '../../src/http/problems/catalogue.js';
import { silent } from '../support/silent-logger.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { appOn, openTestApi, PUBLIC_URL, wordsFor } from './support/api.js';

// One request asks for a position that is never reached.
const api = await openTestApi(t, { config: { positionTimeout: 100 } });
const { call, app } = api;
const owner = await api.signIn('owner@example.com');

/** A request whose body is sent as it is. */
async function send(method: string, url: string, payload: string, contentType?: string) {
  const { statusCode, headers, body } = await app.inject({
    method: method as 'POST',
    url,
    payload,
    headers: {
      authorization: `Bearer ${owner.token}`,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    },
  });
  return { status: statusCode, headers, body: JSON.parse(body) };
}

t.test('a problem says what it is, what to do, and which request it was', async (t) => {
  const { status, headers, body } = await call('GET /v1/nothing', { headers: { 'x-request-id': 'abc-123' } });
  t.equal(status, 404);
  t.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
  t.strictSame(body, {
    type: `${PUBLIC_URL}/problems/not-found`,
    title: PROBLEMS['not-found'].title,
    status: 404,
    detail: PROBLEMS['not-found'].advice,
    code: 'not-found',
    requestId: 'abc-123',
  });
  t.equal(headers['x-request-id'], 'abc-123');
});

t.test('an id that is not fit to be kept is replaced', async (t) => {
  for (const id of ['ana@example.com', '<script>', 'x'.repeat(65), 'a b']) {
    const { headers } = await call('GET /health/live', { headers: { 'x-request-id': id } });
    t.match(headers['x-request-id'], /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  }
});

t.test('bodies that cannot be read are told apart', async (t) => {
  const told = async (payload: string, contentType?: string) => {
    const { status, body } = await send('POST', '/v1/workspaces', payload, contentType);
    return [status, body.code];
  };
  t.strictSame(await told('{"name":', 'application/json'), [400, 'malformed-json']);
  t.strictSame(await told('{"name":"a","__proto__":{}}', 'application/json'), [400, 'malformed-json']);
  t.strictSame(await told('name=a', 'application/x-www-form-urlencoded'), [415, 'unsupported-media-type']);
  t.strictSame(await told('{"name":"a"}', 'text/plain'), [415, 'unsupported-media-type']);
  t.strictSame(await told('[]', 'application/json'), [400, 'invalid-request']);
  t.strictSame(await told('null', 'application/json; charset=utf-8'), [400, 'invalid-request']);
  const large = JSON.stringify({ name: 'a', recipients: 'x'.repeat(2 * 1024 * 1024) });
  t.strictSame(await told(large, 'application/json'), [413, 'body-too-large']);
  const { status, body } = await send(
    'PATCH',
    '/v1/me',
    JSON.stringify({ name: 'x'.repeat(70_000) }),
    'application/json',
  );
  t.strictSame([status, body.code], [413, 'body-too-large'], 'one person needs less');
});

t.test('an address that is known with other methods says with which', async (t) => {
  const { status, headers, body } = await call('PUT /v1/me');
  t.strictSame([status, headers['allow'], body.code], [405, 'GET, HEAD, PATCH', 'method-not-allowed']);
  const one = await call('POST /v1/workspaces/x/users/y');
  t.equal(one.headers['allow'], 'DELETE, GET, HEAD, PATCH');
  t.equal((await call('GET /v1/invitations/accept')).headers['allow'], 'POST', 'a GET accepts nothing');
});

t.test('addresses that cannot be read are problems too', async (t) => {
  for (const url of ['/%zz', '/v1/workspaces/%ff', `/v1/workspaces/${'x'.repeat(300)}`]) {
    const { status, headers, body } = await call(`GET ${url}`);
    t.strictSame([status, body.code], [400, 'malformed-request'], url);
    t.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
  }
});

t.test('nothing that a client sends comes back as markup', async (t) => {
  const script = '<script>alert(1)</script>';
  const answers = [
    await call(`GET /${encodeURIComponent(script)}`),
    await call(`GET /problems/${encodeURIComponent(script)}`),
    await call('POST /v1/workspaces', { as: owner, body: { [script]: script, name: 'x' } }),
    await call(`GET /v1/workspaces/${'x'.repeat(26)}/users?${encodeURIComponent(script)}=1`, { as: owner }),
    await call(`GET /v1/me?${encodeURIComponent(script)}=1`, { as: owner, headers: { 'min-event-position': script } }),
    await call('POST /v1/invitations/lookup', { body: { token: script } }),
    await call('GET /v1/me', { headers: { authorization: `Bearer ${script}`, 'x-request-id': script } }),
  ];
  for (const { text, headers } of answers) {
    t.notMatch(text, /</);
    t.notMatch(JSON.stringify(headers), /<script/);
    t.equal(headers['x-content-type-options'], 'nosniff');
    t.match(headers['content-type'], /^application\/problem\+json/);
  }
});

t.test('what nobody foresaw is told to the log and not to the client', async (t) => {
  const lines: string[] = [];
  const broken = await appOn(api, api.tokenKeys, {
    log: (line) => lines.push(line),
    replace: () => ({
      workspacesOf: {
        ofAccount: async () => {
          throw new Error('secret detail');
        },
        invitationsOf: async () => [],
      },
    }),
  });
  t.teardown(() => broken.close());
  const { status, body, text } = await wordsFor(broken, api).call('GET /v1/me', { as: owner });
  t.strictSame([status, body.code], [500, 'internal-error']);
  t.notMatch(text, /secret detail|at /);
  t.ok(lines.some((line) => line.includes('secret detail') && line.includes(body.requestId)));
});

t.test('a lasting conflict is to be tried again', async (t) => {
  const store: EventStore = {
    ...api.core.store,
    readStream: (...read) => api.core.store.readStream(...read),
    append: async (stream, _events, expected) => {
      throw new StreamConflict(stream, expected, 7);
    },
  };
  const busy = await appOn(api, api.tokenKeys, {
    replace: () => ({ accounts: new Accounts(new AggregateStore(store, api.core.metrics)) }),
  });
  t.teardown(() => busy.close());
  const rename = () =>
    wordsFor(busy, api).call('PATCH /v1/me', {
      as: owner,
      body: { name: 'New' },
      headers: { 'idempotency-key': 'conflict' },
    });
  const { status, body, headers } = await rename();
  t.strictSame([status, body.code, headers['retry-after']], [409, 'conflict', '1']);
  const again = await call('PATCH /v1/me', {
    as: owner,
    body: { name: 'New' },
    headers: { 'idempotency-key': 'conflict' },
  });
  t.equal(again.status, 200, 'it was not the last word');
});

t.test('a database that is gone is said to be', async (t) => {
  const gone = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  const shutDown = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
  for (const error of [gone, shutDown, new Error('Connection terminated unexpectedly')]) {
    const broken = await appOn(api, api.tokenKeys, {
      replace: () => ({
        workspacesOf: { ofAccount: () => Promise.reject(error), invitationsOf: () => Promise.reject(error) },
      }),
    });
    t.teardown(() => broken.close());
    const { status, body, headers } = await wordsFor(broken, api).call('GET /v1/me/invitations', { as: owner });
    t.strictSame([status, body.code, headers['retry-after']], [503, 'database-unavailable', '1'], error.message);
  }
});

t.test('a database that goes away in the middle of a transaction is said to be, too', async (t) => {
  const address = new URL(api.url);
  const proxy = await startTcpProxy(Number(address.port));
  t.teardown(() => proxy.close());
  address.port = String(proxy.port);
  const pool = createPool({ connectionString: address.href, name: 'test', logger: silent });
  t.teardown(() => pool.end());
  const cutOff = () =>
    createDatabase(pool)
      .transaction()
      .execute(async (tx) => {
        proxy.cut();
        await sql`select pg_sleep(10)`.execute(tx);
        return [];
      });
  const broken = await appOn(api, api.tokenKeys, {
    replace: () => ({ workspacesOf: { ofAccount: cutOff, invitationsOf: cutOff } }),
  });
  t.teardown(() => broken.close());
  const { status, body } = await wordsFor(broken, api).call('GET /v1/me/invitations', { as: owner });
  t.strictSame([status, body.code], [503, 'database-unavailable']);
});

t.test('every problem has a page at its type, and the whole list has one', async (t) => {
  const list = await call('GET /problems');
  for (const [code, { title, status }] of Object.entries(PROBLEMS)) {
    const page = await call(`GET /problems/${code}`);
    t.equal(page.status, 200);
    t.match(page.headers['content-type'], /^text\/html/);
    t.ok(page.text.includes(title) && page.text.includes(`HTTP ${status}`), code);
    t.ok(list.text.includes(`id="${code}"`), code);
  }
  t.equal((await call('GET /problems/constructor')).status, 404);
});

t.test('what is not even HTTP is answered and closed', async (t) => {
  const server = await appOn(api, api.tokenKeys, {});
  t.teardown(() => server.close());
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('end', () => resolve(text)).on('error', reject);
  });
  t.match(answer, /^HTTP\/1\.1 400/);
  const long = await new Promise<number | undefined>((resolve, reject) => {
    rawRequest({ port, path: '/', headers: { 'x-long': 'x'.repeat(20_000) } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  t.equal(long, 431);
});
