import t from 'tap';

import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');

const change = (id: string, invitationDomains: object, as = owner) =>
  call(`PATCH /v1/workspaces/${id}`, { as, body: { invitationDomains } });
const invite = (id: string, email: string) =>
  call(`POST /v1/workspaces/${id}/invitations`, { as: owner, body: { email, role: 'developer' } });

t.test('domains are kept as they stand in addresses, whatever they were typed in', async (t) => {
  const id = await api.createWorkspace(owner);
  const { status, body } = await change(id, {
    allowed: ['Example.COM', ' bücher.example ', '*.Bücher.example'],
    denied: ['lab.example.com'],
  });
  t.equal(status, 200);
  const domains = {
    allowed: ['example.com', 'xn--bcher-kva.example', '*.xn--bcher-kva.example'],
    denied: ['lab.example.com'],
  };
  t.strictSame(body.invitationDomains, domains);
  t.strictSame((await call(`GET /v1/workspaces/${id}`, { as: owner })).body.invitationDomains, domains);
  t.equal((await invite(id, 'ana@BÜCHER.example')).status, 201);
  t.equal((await invite(id, 'ben@mail.bücher.example')).status, 201);
  t.equal((await invite(id, 'cid@EXAMPLE.com')).status, 201);
  t.equal((await invite(id, 'dan@example.org')).body.code, 'domain-not-allowed');
});

t.test('what is no domain is named, and nothing is changed', async (t) => {
  const id = await api.createWorkspace(owner);
  const { status, body } = await change(id, {
    allowed: ['example.com', 'example', '*', 'a@example.com'],
    denied: ['10.0.0.1', '*.*.example.com', 'https://example.com/'],
  });
  t.equal(status, 400);
  t.equal(body.code, 'invalid-domain');
  t.strictSame(
    body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['allowed/1', 'allowed/2', 'allowed/3', 'denied/0', 'denied/1', 'denied/2'].map(
      (place) => `#/invitationDomains/${place}`,
    ),
  );
  const all = Array.from({ length: 201 }, (_, index) => `d${index}.example.com`);
  t.equal((await change(id, { allowed: all })).body.code, 'invalid-domain');
  t.strictSame((await call(`GET /v1/workspaces/${id}`, { as: owner })).body.invitationDomains, {
    allowed: [],
    denied: [],
  });
});

t.test('a change holds from the next invitation on', async (t) => {
  const id = await api.createWorkspace(owner);
  const { body: invited } = await invite(id, 'ana@example.com');
  await change(id, { denied: ['example.com'] });
  const { status, body } = await invite(id, 'ben@example.com');
  t.equal(status, 403);
  t.equal(body.code, 'domain-not-allowed');
  const again = `POST /v1/workspaces/${id}/invitations/${invited.invitation.id}/resend`;
  t.equal((await call(again, { as: owner, body: {} })).body.code, 'domain-not-allowed');
  const many = await call(`POST /v1/workspaces/${id}/invitations/resend`, {
    as: owner,
    body: { invitationIds: [invited.invitation.id] },
  });
  t.match(many.body.results, [{ outcome: 'refused', problem: { code: 'domain-not-allowed' } }]);
  await change(id, { denied: [] });
  t.equal((await invite(id, 'ben@example.com')).status, 201);
});

t.test('an invitation is not corrected to a domain that is denied', async (t) => {
  const id = await api.createWorkspace(owner);
  const { body: invited } = await invite(id, 'wrong@example.com');
  await change(id, { denied: ['*.example.org'] });
  const correct = (email: string) =>
    call(`POST /v1/workspaces/${id}/invitations/${invited.invitation.id}/correct-address`, {
      as: owner,
      body: { email },
    });
  const { status, body } = await correct('right@mail.example.org');
  t.equal(status, 403);
  t.equal(body.code, 'domain-not-allowed');
  t.equal((await correct('right@example.org')).status, 201);
});

t.test('a line of a batch says so, and costs no other line', async (t) => {
  const id = await api.createWorkspace(owner);
  await change(id, { allowed: ['example.com'] });
  const { status, body } = await call(`POST /v1/workspaces/${id}/invitations/batch`, {
    as: owner,
    body: { recipients: 'ana@example.com, ben@example.org' },
  });
  t.equal(status, 200);
  t.match(body.results, [
    { email: 'ana@example.com', outcome: 'invited' },
    { email: 'ben@example.org', outcome: 'not-allowed', problem: { code: 'domain-not-allowed' } },
  ]);
  t.match(body.summary, { invited: 1, 'not-allowed': 1 });
});

t.test('a developer changes nothing, and the audit history says who did', async (t) => {
  const id = await api.createWorkspace(owner);
  const developer = await api.join(owner, id, 'dev@example.com');
  t.equal((await change(id, { denied: ['example.org'] }, developer)).body.code, 'not-allowed');
  const { headers } = await change(id, { denied: ['example.org'] });
  const { body } = await call(`GET /v1/workspaces/${id}/audit-events?type=InvitationDomainsChanged`, {
    as: owner,
    headers: { 'min-event-position': headers['event-position'] as string },
  });
  t.equal(body.items.length, 1);
  t.match(
    JSON.stringify(body.items[0]),
    'Olivia Owner changed which domains may be invited: every domain, but not example.org.',
  );
});
