import t from 'tap';

import { accountStream } from '../../src/domain/streams.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner, 'Acme');

/** Everything that has been written so far is to be seen. */
const now = async () => ({ 'min-event-position': await core.store.head() });

/** Invites somebody who has an account. */
async function inviteAccount(email: string) {
  const person = await api.signIn(email);
  const user = await api.invite(owner, workspaceId, email, 'administrator');
  return { person, id: user.invitation.id as string };
}

const act = (as: typeof owner, id: string, what: 'accept' | 'decline', headers: Record<string, string> = {}) =>
  call(`POST /v1/me/invitations/${id}/${what}`, { as, headers });

t.test('people change their name', async (t) => {
  const ana = await api.signIn('ana@example.com', 'Ana');
  const changed = await call('PATCH /v1/me', { as: ana, body: { name: 'Ana Souza' } });
  const account = {
    id: ana.id,
    email: 'ana@example.com',
    name: 'Ana Souza',
    locale: null,
    notifications: { digests: true, renewalRequests: true },
  };
  t.strictSame([changed.status, changed.body], [200, account]);
  t.equal(changed.headers['event-position'], await core.store.head());
  t.strictSame((await call('GET /v1/me', { as: ana })).body.account, account);
  t.equal((await call('PATCH /v1/me', { as: ana, body: { name: '  ' } })).body.code, 'invalid-name');
  t.equal((await call('PATCH /v1/me', { as: ana, body: {} })).body.code, 'invalid-request');
  t.strictSame(await api.eventTypes(accountStream(ana.id)), ['AccountRegistered', 'AccountRenamed']);
});

t.test('people choose their language and which mails they get', async (t) => {
  const caio = await api.signIn('caio@example.com', 'Caio');
  const me = async () => {
    const { locale, notifications } = (await call('GET /v1/me', { as: caio })).body.account;
    return { locale, notifications };
  };
  const change = (body: object) => call('PATCH /v1/me', { as: caio, body });
  await change({ notifications: { digests: false } });
  t.strictSame(await me(), { locale: null, notifications: { digests: false, renewalRequests: true } });
  await change({ locale: 'pt-BR', notifications: { renewalRequests: false, digests: true } });
  t.strictSame(await me(), { locale: 'pt-BR', notifications: { digests: true, renewalRequests: false } });
  const all = await change({ name: 'Caio Melo', locale: 'es' });
  t.match(all.body, { name: 'Caio Melo', locale: 'es', notifications: { renewalRequests: false } });
  for (const body of [{ locale: 'de' }, { notifications: { digests: 'no' } }, { notifications: { other: true } }]) {
    t.equal((await change(body)).body.code, 'invalid-request', JSON.stringify(body));
  }
  const changed = 'NotificationsChanged';
  t.strictSame(await api.eventTypes(accountStream(caio.id)), [
    'AccountRegistered',
    changed,
    changed,
    'AccountRenamed',
    changed,
  ]);
});

t.test("an account's first language is the browser's, or the one chosen on a page", async (t) => {
  const localeOf = async (name: string, headers: Record<string, string>) => {
    const token = core.signInTokens.sign({ id: `first-${name}`, email: `${name}@example.com` }, new Date());
    const { body } = await call('POST /v1/sessions', { body: { token }, headers });
    const account = await core.accounts.read(body.account.id);
    return account.status === 'registered' && account.locale;
  };
  t.equal(await localeOf('gela', { 'accept-language': 'de, es;q=0.8, en;q=0.5' }), 'es');
  t.equal(await localeOf('gina', { 'accept-language': 'pt-PT' }), 'pt-BR');
  t.equal(await localeOf('gigi', { 'accept-language': 'es', cookie: 'language=en' }), 'en');
  t.equal(await localeOf('gwen', { 'accept-language': 'de' }), undefined);
});

t.test('open invitations are listed, and accepted without a link', async (t) => {
  const { person, id } = await inviteAccount('bob@example.com');
  const listed = await call('GET /v1/me/invitations', { as: person, headers: await now() });
  const { expiresAt } = listed.body.items[0];
  t.strictSame(listed.body.items, [
    {
      id,
      workspace: { id: workspaceId, name: 'Acme' },
      role: 'administrator',
      invitedBy: { id: owner.id, name: 'Olivia Owner' },
      expiresAt,
    },
  ]);

  const accepted = await act(person, id, 'accept');
  t.equal(accepted.status, 200);
  t.strictSame(accepted.body.workspace, {
    id: workspaceId,
    name: 'Acme',
    role: 'administrator',
    ownerId: owner.id,
    invitationLifetimeSeconds: 604_800,
    reminders: { enabled: true, afterSeconds: 259_200 },
    invitationDomains: { allowed: [], denied: [] },
    brand: { name: null, logoUrl: null, accentColour: null },
  });
  t.strictSame([accepted.body.user.status, accepted.body.user.name], ['active', 'bob']);
  t.notOk('accessToken' in accepted.body, 'they have one');
  t.equal(accepted.headers['event-position'], await core.store.head());

  t.strictSame((await call('GET /v1/me/invitations', { as: person, headers: await now() })).body.items, []);
  const me = await call('GET /v1/me', { as: person, headers: await now() });
  t.strictSame(me.body.workspaces, [{ id: workspaceId, name: 'Acme', role: 'administrator' }]);
  t.strictSame((await act(person, id, 'accept')).body.code, 'invitation-already-accepted');
});

t.test('an invitation is declined', async (t) => {
  const { person, id } = await inviteAccount('carl@example.com');
  const declined = await act(person, id, 'decline');
  t.strictSame([declined.status, declined.text], [204, '']);
  t.equal(declined.headers['event-position'], await core.store.head());
  t.equal((await act(person, id, 'decline')).status, 204, 'again changes nothing');
  const late = await act(person, id, 'accept');
  t.strictSame([late.status, late.body.code], [410, 'invitation-declined']);
});

t.test("somebody else's invitation is not there", async (t) => {
  const { id } = await inviteAccount('dora@example.com');
  const eve = await api.signIn('eve@example.com');
  for (const what of ['accept', 'decline'] as const) {
    const { status, body } = await act(eve, id, what);
    t.strictSame([status, body.code], [404, 'invitation-not-found']);
  }
});

t.test('what stands in the way is told', async (t) => {
  const withdrawn = await inviteAccount('fay@example.com');
  await call(`DELETE /v1/workspaces/${workspaceId}/invitations/${withdrawn.id}`, { as: owner });
  t.equal((await act(withdrawn.person, withdrawn.id, 'accept')).body.code, 'invitation-revoked');
  await api.invite(owner, workspaceId, 'fay@example.com');
  t.equal((await act(withdrawn.person, withdrawn.id, 'accept')).body.code, 'invitation-superseded');

  const admin = await api.join(owner, workspaceId, 'admin@example.com', 'administrator');
  const gil = await api.signIn('gil@example.com');
  const { invitation } = await api.invite(admin, workspaceId, 'gil@example.com');
  await call(`DELETE /v1/workspaces/${workspaceId}/users/${admin.id}`, { as: owner });
  const refused = await act(gil, invitation.id, 'accept');
  t.strictSame([refused.status, refused.body.code], [403, 'inviter-not-allowed']);
});

t.test('accepting again with the same key answers the same', async (t) => {
  const { person, id } = await inviteAccount('hal@example.com');
  const first = await act(person, id, 'accept', { 'idempotency-key': 'k' });
  const second = await act(person, id, 'accept', { 'idempotency-key': 'k' });
  t.equal(first.status, 200);
  t.strictSame([second.status, second.text], [200, first.text]);
});
