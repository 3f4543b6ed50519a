import t from 'tap';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const owner = await api.signIn('owner@example.com', 'Olivia');
const ws = await api.createWorkspace(owner);
const user = await api.invite(owner, ws, 'ana@example.com');
const ana = await api.join(owner, ws, 'bob@example.com');
process.stdout.write(JSON.stringify([owner, ws, user, ana], null, 1));
for (const r of ['GET /v1/me', `GET /v1/workspaces/${ws}/users`, 'GET /v1/nope', 'PUT /v1/me', 'GET /health/ready', 'GET /openapi.json', `GET /v1/workspaces/${ws}/users?limit=0&foo=1&status=a,waiting`, 'GET /%zz', 'GET /problems/conflict', 'GET /docs', 'GET /metrics']) {
  const a = await api.call(r, { as: owner });
  process.stdout.write(`\n${r} ${a.status} ${JSON.stringify(a.headers)}\n${a.text.slice(0, 900)}\n`);
}
t.pass();
