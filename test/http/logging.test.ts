import t from 'tap';

import { scrubbedError } from '../../src/http/logging.js';
import { openTestApi } from './support/api.js';

const lines: string[] = [];
const api = await openTestApi(t, { log: (line) => lines.push(line) });
const { call, core } = api;

t.test('a request leaves one line: which route, how it ended, how long it took', async (t) => {
  lines.length = 0;
  await call('GET /v1/nothing?search=ana', { headers: { 'x-request-id': 'r-1' } });
  const owner = await api.signIn('owner@example.com');
  lines.length = 0;
  await call('GET /v1/me', { as: owner, headers: { 'x-request-id': 'r-2' } });
  t.equal(lines.length, 1);
  const { level, time, ms, pid, hostname, ...line } = JSON.parse(lines[0] ?? '');
  t.strictSame(line, { reqId: 'r-2', method: 'GET', route: '/v1/me', status: 200, msg: 'request' });
  t.strictSame(
    [level, typeof time, typeof ms, typeof pid, typeof hostname],
    [30, 'number', 'number', 'number', 'string'],
  );
});

t.test('no address, name, token or key of anybody gets into the log', async (t) => {
  lines.length = 0;
  const secrets = ['ana@example.com', 'Ana Secret', 'owner@example.com', 'Olivia Secret', 'secret-key', 'Secret Acme'];
  const signInToken = core.signInTokens.sign({ id: 'logged', email: 'owner@example.com' }, new Date());
  const session = await call('POST /v1/sessions', {
    body: { token: signInToken, name: 'Olivia Secret' },
    headers: { 'idempotency-key': 'secret-key' },
  });
  const owner = { ...session.body.account, token: session.body.accessToken };
  await call('POST /v1/sign-in-links', { body: { email: 'ana@example.com' } });
  const created = await call('POST /v1/workspaces', { as: owner, body: { name: 'Secret Acme' } });
  const id = created.body.workspace.id;
  const invited = await call(`POST /v1/workspaces/${id}/invitations`, {
    as: owner,
    body: { email: 'ana@example.com', role: 'developer', name: 'Ana Secret' },
  });
  const token = api.linkOf(invited.body);
  await call(`GET /v1/workspaces/${id}/users?search=ana@example.com`, { as: owner });
  await call(`GET /v1/ana@example.com/${token}`);
  await call('POST /v1/invitations/accept', { body: { token, name: 'Ana Secret', more: 'Ana Secret' } });
  await call('POST /v1/invitations/accept', { body: { token, name: 'Ana Secret' } });
  await call('GET /v1/me', { headers: { authorization: `Bearer ${token}`, 'user-agent': 'ana@example.com' } });
  await call('GET /v1/me', { headers: { 'x-request-id': 'ana@example.com' } });

  t.ok(lines.length >= 10, 'there is a log to look at');
  for (const secret of [...secrets, signInToken, owner.token, token]) {
    for (const line of lines) t.notOk(line.includes(secret), `${secret.slice(0, 20)} in ${line}`);
  }
});

t.test('an error is logged without the values that libraries quote', (t) => {
  const cause = Object.assign(new Error('duplicate key'), { detail: 'Key (email)=(ana@example.com) exists' });
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
  const error = Object.assign(new Error(`no mail for <ana.b+c@example.com> with ${token}`, { cause }), { code: 'X1' });
  const logged = scrubbedError(error);
  t.strictSame([logged.type, logged.code], ['Error', 'X1']);
  t.match(logged.stack, /no mail for <\[address\]> with \[token\]/);
  t.match(logged.stack, /logging\.test\.[jt]s/, 'where it happened is still told');
  t.match(logged.stack, /caused by Error: duplicate key/);
  t.notMatch(JSON.stringify(logged), /example\.com|eyJ/);
  t.strictSame(scrubbedError('ana@example.com'), { type: 'string', stack: '' });
  t.end();
});
