import { type AddressInfo, connect } from 'node:net';
import t from 'tap';

import { Health } from '../../src/health.js';
import { PROJECTIONS } from '../../src/projections.js';
import { until } from '../support/until.js';
import { appOn, openTestApi, wordsFor } from './support/api.js';

const api = await openTestApi(t);
const { call } = api;

t.test('the process says that it lives, without asking anybody', async (t) => {
  const { status, body } = await call('GET /health/live');
  t.strictSame([status, body], [200, { status: 'live' }]);
});

t.test('it is ready once everything is', async (t) => {
  const { body } = await until(async () => {
    const answer = await call('GET /health/ready');
    return answer.status === 200 && answer;
  }, 'the service is ready');
  t.strictSame(body, {
    ready: true,
    checks: {
      database: { ok: true },
      eventStore: { ok: true },
      ...Object.fromEntries(PROJECTIONS.map(({ name }) => [name, { ok: true }])),
    },
  });
});

t.test('what is not ready is named', async (t) => {
  const standing = { ready: false, checks: { database: { ok: false, detail: 'it does not answer' } } };
  const app = await appOn(api, api.tokenKeys, { replace: () => ({ health: { ready: async () => standing } }) });
  t.teardown(() => app.close());
  const { status, body } = await wordsFor(app, api).call('GET /health/ready');
  t.strictSame([status, body], [503, standing]);
});

t.test('who asks while it is being looked into gets that answer, and the next one a look of their own', async (t) => {
  const health = new Health(api.core, () => []);
  const look = health.ready();
  t.equal(health.ready(), look);
  t.strictSame((await look).checks['database'], { ok: true });
  const next = health.ready();
  t.not(next, look);
  t.strictSame((await next).checks['database'], { ok: true });
});

t.test('requests are counted by the pattern of their route', async (t) => {
  const owner = await api.signIn('owner@example.com');
  const id = await api.createWorkspace(owner);
  await call(`GET /v1/workspaces/${id}`, { as: owner });
  await call('GET /nothing/here');
  const { headers, text } = await call('GET /metrics');
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
  t.match(text, /http_request_seconds_count\{method="GET",route="\/v1\/workspaces\/:workspaceId",status="200"\} 1/);
  t.match(text, /http_request_seconds_count\{method="GET",route="unknown",status="404"\}/);
  t.notMatch(text, new RegExp(id));
});

t.test('closing lets requests finish, also those that still come in over an open connection', async (t) => {
  const answers: (() => void)[] = [];
  const app = await appOn(api, api.tokenKeys, {
    replace: () => ({
      health: { ready: () => new Promise((resolve) => answers.push(() => resolve({ ready: true, checks: {} }))) },
    }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  let received = '';
  socket.on('data', (data) => {
    received += data;
  });
  const ask = () => socket.write('GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n');
  ask();
  await until(() => answers.length === 1, 'the first request is being worked on');
  const closed = app.close();
  await until(() => !app.server.listening, 'nobody else is let in');
  ask();
  answers[0]?.();
  await until(() => answers.length === 2, 'the second request is being worked on');
  answers[1]?.();
  await closed;
  await until(() => socket.readableEnded, 'the connection is closed');
  t.strictSame(received.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 200']);
  t.match(received, /connection: close/i);
});
