import t from 'tap';

import { accountStream, membershipStream } from '../../src/domain/streams.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);
const invitations = `/v1/workspaces/${workspaceId}/invitations`;

t.test('an invitation answers with the person as they stand in the users tab', async (t) => {
  const { status, headers, body } = await call(`POST ${invitations}`, {
    as: owner,
    body: {
      email: 'Ana@Example.com',
      role: 'administrator',
      name: 'Ana Souza',
      locale: 'pt-BR',
      message: 'Hello,\nsee you there',
      lifetimeSeconds: 3_600,
    },
    headers: { 'user-agent': 'test', 'x-request-id': 'my-request-1' },
  });
  const id = api.person('ana@example.com');
  t.equal(status, 201);
  t.equal(headers['location'], `/v1/workspaces/${workspaceId}/users/${id}`);
  const { invitedAt } = body.invitation;
  t.strictSame(body, {
    id,
    email: 'Ana@example.com',
    name: 'Ana Souza',
    role: 'administrator',
    status: 'waiting',
    delivery: {
      status: 'queued',
      mail: 'invitation',
      reply: null,
      code: null,
      enhancedCode: null,
      at: invitedAt,
      attempt: null,
      nextAttemptAt: null,
    },
    invitation: {
      id: `${workspaceId}.${id}.1`,
      issue: 1,
      timesInvited: 1,
      renewalRequestedAt: null,
      invitedAt,
      invitedBy: { id: owner.id, name: 'Olivia Owner' },
      expiresAt: new Date(Date.parse(invitedAt) + 3_600_000).toISOString(),
      locale: 'pt-BR',
    },
    joinedAt: null,
    updatedAt: invitedAt,
  });

  const { events } = await core.store.readStream(membershipStream({ workspaceId, userId: id }));
  t.equal(events[0]?.data['message'], 'Hello,\nsee you there');
  const { actor, correlationId, ip, userAgent } = events[0]?.metadata ?? {};
  t.strictSame(
    { actor, correlationId, ip, userAgent },
    { actor: { type: 'user', id: owner.id }, correlationId: 'my-request-1', ip: '127.0.0.1', userAgent: 'test' },
  );
  t.equal(headers['event-position'], events[0]?.position);

  const seen = await call(`GET ${headers['location']}`, {
    as: owner,
    headers: { 'min-event-position': headers['event-position'] as string },
  });
  t.strictSame({ ...seen.body, delivery: null, updatedAt: null }, { ...body, delivery: null, updatedAt: null });
});

t.test('of what a client calls itself, only the beginning is kept', async (t) => {
  await call(`POST ${invitations}`, {
    as: owner,
    body: { email: 'agent@example.com', role: 'developer' },
    headers: { 'user-agent': 'x'.repeat(2_000) },
  });
  const { events } = await core.store.readStream(
    membershipStream({ workspaceId, userId: api.person('agent@example.com') }),
  );
  t.equal(events[0]?.metadata['userAgent'], 'x'.repeat(256));
});

t.test('a decorated address is understood, and names its person', async (t) => {
  const { body } = await call(`POST ${invitations}`, {
    as: owner,
    body: { email: 'Bob Stone <mailto:Bob@example.com>', role: 'developer' },
  });
  t.strictSame([body.email, body.name], ['Bob@example.com', 'Bob Stone']);
  const named = await call(`POST ${invitations}`, {
    as: owner,
    body: { email: 'Wrong <right@example.com>', role: 'developer', name: ' Right ' },
  });
  t.equal(named.body.name, 'Right', 'a name of its own goes before it');
  const blank = await call(`POST ${invitations}`, {
    as: owner,
    body: { email: 'blank@example.com', role: 'developer', name: ' ' },
  });
  t.strictSame([blank.status, blank.body.name], [201, null]);
});

t.test('whoever is invited or in the workspace already is named in the refusal', async (t) => {
  await api.invite(owner, workspaceId, 'twice@example.com');
  const again = await call(`POST ${invitations}`, {
    as: owner,
    body: { email: 'TWICE@example.com', role: 'developer' },
  });
  t.strictSame(
    [again.status, again.body.code, again.body.userId],
    [409, 'already-invited', api.person('twice@example.com')],
  );
  const self = await call(`POST ${invitations}`, { as: owner, body: { email: owner.email, role: 'developer' } });
  t.strictSame([self.status, self.body.code, self.body.userId], [409, 'already-member', owner.id]);
});

t.test('what is not right is told place by place', async (t) => {
  const { status, body } = await call(`POST ${invitations}`, {
    as: owner,
    body: { role: 'owner', name: 7, locale: 'a language', 'a/b~c': 1 },
  });
  t.equal(status, 400);
  t.strictSame(body.errors, [
    { pointer: '#/email', detail: 'This is missing. Give it.' },
    { pointer: '#/a~1b~0c', detail: 'There is no such property here. Check its spelling, or leave it out.' },
    { pointer: '#/role', detail: 'Give one of: administrator, developer.' },
    { pointer: '#/name', detail: 'Give a text.' },
    { pointer: '#/locale', detail: 'Give a language tag such as en, pt-BR or es.' },
  ]);
  const invite = (body: object) => call(`POST ${invitations}`, { as: owner, body });
  t.equal((await invite({ email: 'a@b@c', role: 'developer' })).body.code, 'invalid-address');
  t.equal(
    (await invite({ email: 'a@example.com', role: 'developer', lifetimeSeconds: 1 })).body.code,
    'invalid-lifetime',
  );
  t.equal((await call(`POST ${invitations}`, { as: owner })).body.errors[0].pointer, '#/email', 'no body at all');
  const strange = await call('POST /v1/workspaces/nonsense/invitations', { as: owner, body: {} });
  t.equal(strange.body.errors[0].parameter, 'workspaceId');
});

t.test('only the owner and administrators invite, by the log and not by their token', async (t) => {
  const administrator = await api.join(owner, workspaceId, 'admin@example.com', 'administrator');
  const developer = await api.join(owner, workspaceId, 'dev@example.com');
  const inviteAs = (as: typeof owner, email: string) =>
    call(`POST ${invitations}`, { as, body: { email, role: 'developer' } });
  t.equal((await inviteAs(administrator, 'by-admin@example.com')).status, 201);
  t.strictSame((await inviteAs(developer, 'by-dev@example.com')).body.code, 'not-allowed');
  await call(`PATCH /v1/workspaces/${workspaceId}/users/${administrator.id}`, {
    as: owner,
    body: { role: 'developer' },
  });
  t.strictSame((await inviteAs(administrator, 'demoted@example.com')).body.code, 'not-allowed', 'at once');
});

t.test('an invitation is sent again with a new link and a new expiry', async (t) => {
  const user = await api.invite(owner, workspaceId, 'again@example.com');
  const { status, headers, body } = await call(`POST ${invitations}/${user.invitation.id}/resend`, { as: owner });
  t.equal(status, 202);
  t.strictSame([body.id, body.status, body.invitation.issue], [user.id, 'waiting', 2]);
  t.equal(headers['event-position'], await core.store.head());
  const longer = await call(`POST ${invitations}/${user.invitation.id}/resend`, {
    as: owner,
    body: { lifetimeSeconds: 2_592_000 },
  });
  t.ok(longer.body.invitation.expiresAt > body.invitation.expiresAt);
  const tooLong = await call(`POST ${invitations}/${user.invitation.id}/resend`, {
    as: owner,
    body: { lifetimeSeconds: 2_592_001 },
  });
  t.equal(tooLong.body.code, 'invalid-lifetime');
});

t.test('an invitation is withdrawn, once and for all', async (t) => {
  const user = await api.invite(owner, workspaceId, 'revoked@example.com');
  const revoke = () => call(`DELETE ${invitations}/${user.invitation.id}`, { as: owner });
  const { status, headers, text } = await revoke();
  t.strictSame([status, text], [204, '']);
  t.equal(headers['event-position'], await core.store.head());
  t.equal((await revoke()).status, 204, 'again changes nothing');
  const resent = await call(`POST ${invitations}/${user.invitation.id}/resend`, { as: owner });
  t.strictSame([resent.status, resent.body.code], [409, 'invitation-not-open']);
  t.strictSame((await api.eventTypes(membershipStream({ workspaceId, userId: user.id }))).at(-1), 'InvitationRevoked');

  const { invitation } = await api.invite(owner, workspaceId, 'revoked@example.com');
  t.strictSame([invitation.timesInvited, invitation.id.split('.').at(-1)], [2, '2'], 'they can be invited again');
  t.equal((await revoke()).body.code, 'invitation-superseded');
});

t.test('an invitation that never was, or is of another workspace, is not found', async (t) => {
  const other = await api.createWorkspace(owner, 'Other');
  const { invitation } = await api.invite(owner, other, 'elsewhere@example.com');
  const nobody = `${workspaceId}.${api.person('nobody@example.com')}.1`;
  for (const id of [invitation.id, nobody]) {
    for (const request of [`DELETE ${invitations}/${id}`, `POST ${invitations}/${id}/resend`]) {
      const { status, body } = await call(request, { as: owner });
      t.strictSame([status, body.code], [404, 'invitation-not-found'], request.split(' ')[0] ?? '');
    }
  }
});

t.test('a content type without a content does no harm', async (t) => {
  const user = await api.invite(owner, workspaceId, 'empty@example.com');
  const { status } = await call(`DELETE ${invitations}/${user.invitation.id}`, {
    as: owner,
    headers: { 'content-type': 'application/json' },
  });
  t.equal(status, 204);
  t.equal((await core.store.readStream(accountStream(user.id))).revision, 'none', 'an invitation makes no account');
});
