import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';

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
      'users-tab': { ok: true },
      workspaces: { ok: true },
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

t.test('closing lets a request finish, over a connection that is then closed', async (t) => {
  let answer = (): void => {};
  let asked = false;
  const app = await appOn(api, api.tokenKeys, {
    replace: () => ({
      health: {
        ready: () => {
          asked = true;
          return new Promise((resolve) => {
            answer = () => resolve({ ready: true, checks: {} });
          });
        },
      },
    }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  const request = get({ port, path: '/health/ready', agent });
  await until(() => asked, 'the request is being worked on');
  const closed = app.close();
  answer();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  t.equal(response.statusCode, 200);
  await closed;
  t.pass('the server has closed');
});
