import t from 'tap';

import { membershipStream } from '../../src/domain/streams.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const UNBRANDED = { name: null, logoUrl: null, accentColour: null };
const EVERY_DOMAIN = { allowed: [], denied: [] };
const stranger = await api.signIn('stranger@example.com');

t.test('whoever creates a workspace owns it', async (t) => {
  const { status, headers, body } = await call('POST /v1/workspaces', { as: owner, body: { name: ' Acme ' } });
  const { id } = body.workspace;
  t.equal(status, 201);
  t.equal(headers['location'], `/v1/workspaces/${id}`);
  t.equal(headers['event-position'], await api.core.store.head());
  const workspace = {
    id,
    name: 'Acme',
    role: 'owner',
    ownerId: owner.id,
    invitationLifetimeSeconds: 604_800,
    reminders: { enabled: true, afterSeconds: 259_200 },
    invitationDomains: EVERY_DOMAIN,
    brand: UNBRANDED,
  };
  t.strictSame(body, { workspace });
  t.strictSame((await call(`GET /v1/workspaces/${id}`, { as: owner })).body, workspace);

  const me = await call('GET /v1/me', {
    as: owner,
    headers: { 'min-event-position': headers['event-position'] as string },
  });
  t.strictSame(me.body.workspaces, [{ id, name: 'Acme', role: 'owner' }]);
});

t.test('people are invited as the workspace is created, one result per line', async (t) => {
  const recipients = 'Ana Souza <ana@example.com>\nnonsense\nBOB@example.com, ana@EXAMPLE.com\nowner@example.com';
  const { status, headers, body } = await call('POST /v1/workspaces', {
    as: owner,
    body: { name: 'With people', recipients, role: 'administrator', locale: 'es' },
  });
  t.equal(status, 201);
  const { results, summary } = body.invitations;
  t.strictSame(
    results.map(({ line, outcome, email }: Record<string, unknown>) => [line, outcome, email]),
    [
      [1, 'invited', 'ana@example.com'],
      [2, 'invalid-address', undefined],
      [3, 'invited', 'BOB@example.com'],
      [3, 'duplicate', 'ana@example.com'],
      [4, 'already-member', 'owner@example.com'],
    ],
  );
  t.strictSame(summary, {
    invited: 2,
    'already-invited': 0,
    'already-member': 1,
    duplicate: 1,
    'invalid-address': 1,
    'not-allowed': 0,
    throttled: 0,
    unavailable: 0,
  });
  const users = await call(`GET /v1/workspaces/${body.workspace.id}/users?status=waiting&sort=email`, {
    as: owner,
    headers: { 'min-event-position': headers['event-position'] as string },
  });
  t.strictSame(
    users.body.items.map(({ email, name, role, invitation }: Record<string, { locale: string }>) => [
      email,
      name,
      role,
      invitation?.locale,
    ]),
    [
      ['ana@example.com', 'Ana Souza', 'administrator', 'es'],
      ['BOB@example.com', null, 'administrator', 'es'],
    ],
  );
});

t.test('no recipients is an empty batch', async (t) => {
  const { body } = await call('POST /v1/workspaces', { as: owner, body: { name: 'Empty', recipients: ' \n ' } });
  t.strictSame(body.invitations.results, []);
});

t.test('a name has to say something', async (t) => {
  const create = (name: unknown) => call('POST /v1/workspaces', { as: owner, body: { name } });
  t.equal((await create('   ')).body.code, 'invalid-name');
  t.equal((await create('x'.repeat(81))).body.code, 'invalid-request');
  t.strictSame((await create('a\u0007b')).body.errors, [
    { pointer: '#/name', detail: 'Give one line of text, without control characters.' },
  ]);
});

t.test('a workspace is renamed and its invitations live as long as it says', async (t) => {
  const id = await api.createWorkspace(owner);
  const changed = await call(`PATCH /v1/workspaces/${id}`, {
    as: owner,
    body: { name: 'Apex', invitationLifetimeSeconds: 7_200 },
  });
  const settings = {
    invitationLifetimeSeconds: 7_200,
    reminders: { enabled: true, afterSeconds: 259_200 },
    invitationDomains: EVERY_DOMAIN,
    brand: UNBRANDED,
  };
  const workspace = { id, name: 'Apex', role: 'owner', ownerId: owner.id, ...settings };
  t.strictSame([changed.status, changed.body], [200, workspace]);
  t.equal(changed.headers['event-position'], await api.core.store.head());
  const { invitation } = await api.invite(owner, id, 'short@example.com');
  t.equal(Date.parse(invitation.expiresAt) - Date.parse(invitation.invitedAt), 7_200_000);

  const change = (body: object) => call(`PATCH /v1/workspaces/${id}`, { as: owner, body });
  t.equal((await change({ invitationLifetimeSeconds: 60 })).body.code, 'invalid-lifetime');
  t.equal((await change({ name: '\u2003' })).body.code, 'invalid-name');
  t.strictSame((await change({})).body.errors, [{ pointer: '#', detail: 'Give at least one of the properties.' }]);
});

t.test('a workspace decides whether and when whoever does not answer is reminded', async (t) => {
  const id = await api.createWorkspace(owner);
  const change = (reminders: object) => call(`PATCH /v1/workspaces/${id}`, { as: owner, body: { reminders } });
  const planned = async (email: string) => {
    const { invitation, id: userId } = await api.invite(owner, id, email);
    const { events } = await api.core.store.readStream(membershipStream({ workspaceId: id, userId }));
    const { remindAt } = events[0]?.data ?? {};
    return remindAt === undefined ? undefined : Date.parse(String(remindAt)) - Date.parse(invitation.invitedAt);
  };
  t.equal(await planned('usual@example.com'), 259_200_000);
  t.match((await change({ enabled: true, afterSeconds: 432_000 })).body, {
    reminders: { enabled: true, afterSeconds: 432_000 },
  });
  t.equal(await planned('later@example.com'), 432_000_000);
  t.match((await change({ enabled: false })).body.reminders, { enabled: false, afterSeconds: 432_000 });
  t.match((await call(`GET /v1/workspaces/${id}`, { as: owner })).body.reminders, { enabled: false });
  t.equal(await planned('meanwhile@example.com'), 432_000_000, 'it counts when it is due whether they are on');
  t.equal((await change({ enabled: true, afterSeconds: 604_800 })).status, 200);
  t.equal(await planned('too-late@example.com'), undefined);

  for (const afterSeconds of [86_399, 2_505_601]) {
    const { status, body } = await change({ enabled: true, afterSeconds });
    t.strictSame([status, body.code], [400, 'invalid-reminders'], String(afterSeconds));
  }
  t.equal((await change({ afterSeconds: 259_200 })).body.code, 'invalid-request', 'on or off has to be said');
  const developer = await api.join(owner, id, 'reminders@example.com');
  const refused = await call(`PATCH /v1/workspaces/${id}`, { as: developer, body: { reminders: { enabled: false } } });
  t.equal(refused.body.code, 'not-allowed');
});

t.test('a workspace is not there for those who are not in it', async (t) => {
  const id = await api.createWorkspace(owner);
  const requests = [
    `GET /v1/workspaces/${id}`,
    `PATCH /v1/workspaces/${id}`,
    `POST /v1/workspaces/${id}/ownership-transfer`,
    `GET /v1/workspaces/${id}/users`,
    `POST /v1/workspaces/${id}/invitations`,
    `POST /v1/workspaces/${id}/invitations/batch`,
    `POST /v1/workspaces/${id}/invitations/resend`,
  ];
  const bodies: Record<string, object> = {
    PATCH: { name: 'Mine' },
    'ownership-transfer': { userId: stranger.id },
    invitations: { email: 'a@example.com', role: 'developer' },
    batch: { recipients: 'a@example.com' },
    resend: { status: 'waiting' },
  };
  for (const request of requests) {
    const body = bodies[request.split('/').at(-1) ?? ''] ?? (request.startsWith('PATCH') ? bodies['PATCH'] : undefined);
    const { status, body: problem } = await call(request, { as: stranger, ...(body ? { body } : {}) });
    t.strictSame([status, problem.code], [404, 'workspace-not-found'], request);
  }
});

t.test('a developer changes nothing', async (t) => {
  const id = await api.createWorkspace(owner);
  const developer = await api.join(owner, id, 'developer@example.com');
  const refused = async (request: string, body?: object) => {
    const answer = await call(request, { as: developer, ...(body ? { body } : {}) });
    return [answer.status, answer.body.code];
  };
  t.strictSame(await refused(`PATCH /v1/workspaces/${id}`, { name: 'Mine' }), [403, 'not-allowed']);
  const transfer = `POST /v1/workspaces/${id}/ownership-transfer`;
  t.strictSame(await refused(transfer, { userId: developer.id }), [403, 'owner-required']);
  t.equal((await call(`GET /v1/workspaces/${id}`, { as: developer })).body.role, 'developer');
});

t.test('the owner hands the workspace to an active member', async (t) => {
  const id = await api.createWorkspace(owner);
  const heir = await api.join(owner, id, 'heir@example.com');
  const waiting = await api.invite(owner, id, 'waiting@example.com');
  const transfer = (userId: string) =>
    call(`POST /v1/workspaces/${id}/ownership-transfer`, { as: owner, body: { userId } });
  t.equal((await transfer(waiting.id)).body.code, 'not-active');
  t.equal((await transfer(stranger.id)).body.code, 'user-not-found');

  const { status, headers, body } = await transfer(heir.id);
  t.strictSame([status, body.role, body.ownerId], [200, 'administrator', heir.id]);
  t.ok(headers['event-position']);
  t.equal((await call(`GET /v1/workspaces/${id}`, { as: heir })).body.role, 'owner');
  t.equal((await transfer(owner.id)).body.code, 'owner-required', 'it is not theirs any more');
});
