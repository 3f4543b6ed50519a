import t from 'tap';

import { accountStream, membershipStream } from '../../src/domain/streams.js';
import { contextOf, linkOf } from '../support/core.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner, 'Acme');

const lookup = (token: string) => call('POST /v1/invitations/lookup', { body: { token } });
const accept = (token: string, more: { name?: string; key?: string; as?: typeof owner } = {}) =>
  call('POST /v1/invitations/accept', {
    body: { token, ...(more.name === undefined ? {} : { name: more.name }) },
    ...(more.as ? { as: more.as } : {}),
    headers: more.key ? { 'idempotency-key': more.key } : {},
  });
const decline = (token: string) => call('POST /v1/invitations/decline', { body: { token } });
const storyOf = (userId: string) => api.eventTypes(membershipStream({ workspaceId, userId }));

t.test('a link tells what it is about, and looking changes nothing', async (t) => {
  const user = await api.invite(owner, workspaceId, 'Ana@example.com', 'administrator');
  const token = api.linkOf(user);
  const before = await core.store.head();
  const { status, body } = await lookup(token);
  t.equal(status, 200);
  t.strictSame(body, {
    workspace: { id: workspaceId, name: 'Acme', brand: { name: null, logoUrl: null, accentColour: null } },
    inviter: { name: 'Olivia Owner' },
    email: 'Ana@example.com',
    name: null,
    role: 'administrator',
    expiresAt: user.invitation.expiresAt,
    status: 'open',
    accountExists: false,
  });
  t.equal(await core.store.head(), before);
});

t.test('accepting makes the account of a new address, and signs it in', async (t) => {
  const user = await api.invite(owner, workspaceId, 'bob@example.com');
  const { status, headers, body } = await accept(api.linkOf(user), { name: 'Bob Stone' });
  t.equal(status, 200);
  t.strictSame([body.tokenType, body.expiresIn], ['Bearer', 900]);
  t.strictSame(body.account, { id: user.id, email: 'bob@example.com', name: 'Bob Stone' });
  t.strictSame([body.workspace.id, body.workspace.role], [workspaceId, 'developer']);
  t.strictSame([body.user.status, body.user.name], ['active', 'Bob Stone']);
  t.equal(headers['event-position'], await core.store.head());
  const me = await call('GET /v1/me', { as: { ...body.account, token: body.accessToken } });
  t.match(me.body.account, body.account);
  const { events } = await core.store.readStream(membershipStream({ workspaceId, userId: user.id }));
  t.strictSame(events.at(-1)?.metadata['actor'], { type: 'invitee', id: user.id });
});

t.test('the name is the one given, else that of the invitation, else it has to be asked for', async (t) => {
  const invite = async (email: string, name?: string) => {
    const { body } = await call(`POST /v1/workspaces/${workspaceId}/invitations`, {
      as: owner,
      body: { email, role: 'developer', ...(name ? { name } : {}) },
    });
    return api.linkOf(body);
  };
  t.equal((await accept(await invite('cy@example.com', 'Cy Young'))).body.account.name, 'Cy Young');
  t.equal((await accept(await invite('di@example.com', 'Wrong'), { name: 'Di' })).body.account.name, 'Di');
  const nameless = await invite('ed@example.com');
  const asked = await accept(nameless);
  t.strictSame([asked.status, asked.body.code, asked.body.errors[0].pointer], [400, 'name-required', '#/name']);
  t.equal((await accept(nameless, { name: ' ' })).body.code, 'invalid-name');
  t.strictSame(
    await storyOf(api.person('ed@example.com')).then((types) => types.filter((type) => !/Email/.test(type))),
    ['UserInvited'],
  );
  t.equal((await accept(nameless, { name: 'Ed' })).status, 200);
});

t.test('an address that has an account signs in first', async (t) => {
  const fay = await api.signIn('fay@example.com', 'Fay');
  const token = api.linkOf(await api.invite(owner, workspaceId, 'FAY@example.com'));
  t.equal((await lookup(token)).body.accountExists, true);
  const refused = await accept(token, { name: 'Not Fay' });
  t.strictSame([refused.status, refused.body.code], [401, 'sign-in-required']);
  t.match(refused.headers['www-authenticate'], /^Bearer/);

  const { status, body } = await accept(token, { as: fay });
  t.strictSame([status, body.account.name, body.user.name], [200, 'Fay', 'Fay']);
  t.notOk('accessToken' in body);
});

t.test('the wrong account is turned away, and that is recorded', async (t) => {
  const user = await api.invite(owner, workspaceId, 'gus@example.com');
  const eve = await api.signIn('eve@example.com');
  const { status, body } = await accept(api.linkOf(user), { as: eve, name: 'Eve' });
  t.strictSame([status, body.code], [403, 'wrong-account']);
  const { events } = await core.store.readStream(membershipStream({ workspaceId, userId: user.id }));
  const refusal = events.find(({ type }) => type === 'InvitationAcceptanceRefused');
  t.strictSame([refusal?.data['reason'], refusal?.metadata['actor']], ['wrong-account', { type: 'user', id: eve.id }]);
  t.equal((await core.store.readStream(accountStream(user.id))).revision, 'none');
});

t.test('whatever stands in the way is told before and at accepting, and recorded', async (t) => {
  const stories = {
    revoked: async (id: string) => call(`DELETE /v1/workspaces/${workspaceId}/invitations/${id}`, { as: owner }),
    superseded: async (id: string) =>
      call(`POST /v1/workspaces/${workspaceId}/invitations/${id}/resend`, { as: owner }),
    declined: async (_id: string, token: string) => decline(token),
  };
  for (const [status, happen] of Object.entries(stories)) {
    const user = await api.invite(owner, workspaceId, `${status}@example.com`);
    const token = api.linkOf(user);
    await happen(user.invitation.id, token);
    t.equal((await lookup(token)).body.status, status);
    const refused = await accept(token, { name: 'Late' });
    t.strictSame([refused.status, refused.body.code], [410, `invitation-${status}`]);
    t.equal((await storyOf(user.id)).at(-1), 'InvitationAcceptanceRefused', status);
    t.equal((await core.store.readStream(accountStream(user.id))).revision, 'none', 'and no account is made');
  }
});

t.test('an expired invitation says so, to those who have an account too', async (t) => {
  const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000).toISOString();
  for (const email of ['late@example.com', 'known-and-late@example.com']) {
    if (email.startsWith('known')) await api.signIn(email);
    const { state } = await core.invitations.invite(
      workspaceId,
      owner.id,
      { ...api.invitee(email), lifetimeSeconds: 3_600 },
      contextOf(owner.id, twoHoursAgo),
    );
    const token = core.invitationTokens.sign(linkOf({ state }), state.invitation?.expiresAt ?? '');
    t.equal((await lookup(token)).body.status, 'expired');
    const refused = await accept(token, { name: 'Late' });
    t.strictSame([refused.status, refused.body.code], [410, 'invitation-expired'], email);
    t.equal((await storyOf(api.person(email))).at(-1), 'InvitationAcceptanceRefused');
  }
});

t.test('a link is declined once, and not after it was accepted', async (t) => {
  const user = await api.invite(owner, workspaceId, 'hugo@example.com');
  const { status, headers, text } = await decline(api.linkOf(user));
  t.strictSame([status, text], [204, '']);
  t.equal(headers['event-position'], await core.store.head());
  t.equal((await decline(api.linkOf(user))).status, 204);

  const other = await api.invite(owner, workspaceId, 'ida@example.com');
  await accept(api.linkOf(other), { name: 'Ida' });
  const late = await decline(api.linkOf(other));
  t.strictSame([late.status, late.body.code], [409, 'invitation-already-accepted']);
});

t.test('the same acceptance, sent again with its key, gets its answer again', async (t) => {
  const token = api.linkOf(await api.invite(owner, workspaceId, 'jo@example.com'));
  const first = await accept(token, { name: 'Jo', key: 'k' });
  const second = await accept(token, { name: 'Jo', key: 'k' });
  t.equal(first.status, 200);
  t.strictSame([second.status, second.text, second.headers['idempotency-replayed']], [200, first.text, 'true']);
  const without = await accept(token, { name: 'Jo' });
  t.strictSame([without.status, without.body.code], [409, 'invitation-already-accepted']);
});

t.test('a token of another kind, or a cut one, is told from a good one', async (t) => {
  const token = api.linkOf(await api.invite(owner, workspaceId, 'kim@example.com'));
  const signIn = core.signInTokens.sign({ id: 'x', email: 'kim@example.com' }, new Date());
  for (const bad of [token.slice(0, -3), signIn, owner.token, 'nonsense']) {
    for (const ask of [lookup, accept, decline]) {
      const { status, body } = await ask(bad);
      t.strictSame([status, body.code], [400, 'invalid-token']);
    }
  }
  const nowhere = core.invitationTokens.sign(
    { invitationId: `${core.newId()}.${core.newId()}.1`, issue: 1 },
    new Date().toISOString(),
  );
  t.strictSame((await lookup(nowhere)).body.code, 'invitation-not-found');
});
