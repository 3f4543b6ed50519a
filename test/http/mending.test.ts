import t from 'tap';

import { membershipStream } from '../../src/domain/streams.js';
import { contextOf, linkOf } from '../support/core.js';
import { openTestApi, PUBLIC_URL } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('olivia@example.com', 'Olivia Owner');

/** A new workspace that has invited somebody. */
async function invited(email = 'imes@example.com') {
  const workspaceId = await api.createWorkspace(owner);
  const user = await api.invite(owner, workspaceId, email, 'administrator');
  const invitation = `/v1/workspaces/${workspaceId}/invitations/${user.invitation.id}`;
  const users = `/v1/workspaces/${workspaceId}/users`;
  return { workspaceId, user, invitation, users, token: api.linkOf(user) };
}

t.test('an address is corrected: who is where is shown, and both timelines tell it', async (t) => {
  const { workspaceId, user, invitation, users, token } = await invited();
  const body = { email: 'Inês <ines@example.com>' };
  const headers = { 'idempotency-key': 'correct' };
  const corrected = await call(`POST ${invitation}/correct-address`, { as: owner, body, headers });
  t.equal(corrected.status, 201);
  const right = api.person('ines@example.com');
  t.equal(corrected.headers['location'], `${users}/${right}`);
  t.match(corrected.body, {
    id: right,
    email: 'ines@example.com',
    role: 'administrator',
    status: 'waiting',
    delivery: { status: 'queued' },
    invitation: { id: `${workspaceId}.${right}.1`, issue: 1, invitedBy: { id: owner.id } },
  });
  const again = await call(`POST ${invitation}/correct-address`, { as: owner, body, headers });
  t.strictSame([again.text, again.headers['idempotency-replayed']], [corrected.text, 'true']);

  const shown = { 'min-event-position': corrected.headers['event-position'] ?? '' };
  const list = await call(`GET ${users}?status=waiting,revoked&sort=email`, { as: owner, headers: shown });
  t.strictSame(
    list.body.items.map(({ email, status }: { email: string; status: string }) => [email, status]),
    [
      ['imes@example.com', 'revoked'],
      ['ines@example.com', 'waiting'],
    ],
  );
  const timelineOf = async (userId: string) =>
    (await call(`GET ${users}/${userId}/timeline`, { as: owner })).body.items;
  t.match(await timelineOf(user.id), [
    { type: 'invited' },
    { type: 'address-corrected', to: { userId: right, email: 'ines@example.com' }, actor: { id: owner.id } },
  ]);
  t.match(await timelineOf(right), [{ type: 'invited', correctedFrom: user.invitation.id }]);

  t.equal(
    (await call('POST /v1/invitations/accept', { body: { token, name: 'Imes' } })).body.code,
    'invitation-revoked',
  );
  const history = await call(`GET /v1/workspaces/${workspaceId}/audit-events?type=InvitationAddressCorrected`, {
    as: owner,
    headers: shown,
  });
  t.strictSame(
    history.body.items.map(({ words }: { words: string }) => words),
    ['Olivia Owner corrected the address of the invitation of imes@example.com to ines@example.com.'],
  );
});

t.test('an address cannot be corrected to one that is taken, and the answer says by whom', async (t) => {
  const { workspaceId, invitation, user } = await invited();
  const there = await api.invite(owner, workspaceId, 'ines@example.com');
  const correct = (email: string) => call(`POST ${invitation}/correct-address`, { as: owner, body: { email } });
  t.match((await correct('Ines@Example.com')).body, { code: 'already-invited', userId: there.id });
  t.match((await correct('olivia@example.com')).body, { code: 'already-member', userId: owner.id });
  t.equal((await correct('IMES@example.com')).body.code, 'same-address');
  t.equal((await correct('nowhere')).body.code, 'invalid-address');
  await call(`DELETE ${invitation}`, { as: owner });
  t.equal((await correct('new@example.com')).body.code, 'invitation-not-open');
  t.equal((await core.store.readStream(membershipStream({ workspaceId, userId: user.id }))).revision, 1);
});

t.test('the link is given to owners and administrators, who are named for it', async (t) => {
  const { workspaceId, user, invitation, users, token } = await invited();
  const ada = await api.join(owner, workspaceId, 'ada@example.com', 'administrator');
  const dev = await api.join(owner, workspaceId, 'dev@example.com');
  const { status, body, headers } = await call(`POST ${invitation}/link`, { as: ada });
  t.equal(status, 200);
  t.strictSame(body, { url: `${PUBLIC_URL}/accept#${token}`, issue: 1, expiresAt: user.invitation.expiresAt });
  t.equal(headers['cache-control'], 'no-store');
  t.equal((await call(`POST ${invitation}/link`, { as: dev })).body.code, 'not-allowed');

  const { items } = (await call(`GET ${users}/${user.id}/timeline`, { as: owner })).body;
  t.match(items.at(-1), { type: 'link-copied', issue: 1, actor: { type: 'user', id: ada.id } });
  const history = await call(`GET /v1/workspaces/${workspaceId}/audit-events?type=InvitationLinkCopied`, {
    as: owner,
    headers: { 'min-event-position': headers['event-position'] ?? '' },
  });
  t.strictSame(
    history.body.items.map(({ words }: { words: string }) => words),
    ['ada copied the link of the invitation of imes@example.com (mail 1).'],
  );

  const accepted = await call('POST /v1/invitations/accept', { body: { token: body.url.split('#')[1], name: 'Inês' } });
  t.equal(accepted.status, 200);
  t.equal((await call(`POST ${invitation}/link`, { as: ada })).body.code, 'invitation-not-open');
});

t.test('the same request for a link, sent again with its key, is recorded once', async (t) => {
  const { workspaceId, user, invitation } = await invited();
  const copy = () => call(`POST ${invitation}/link`, { as: owner, headers: { 'idempotency-key': 'copy' } });
  const [first, second] = [await copy(), await copy()];
  t.equal(second.text, first.text);
  const types = await api.eventTypes(membershipStream({ workspaceId, userId: user.id }));
  t.strictSame(types, ['UserInvited', 'InvitationLinkCopied']);
});

t.test('whoever holds an expired link asks for a new one, and the users tab shows it until one is sent', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const { userId, email, role } = api.invitee('ines@example.com');
  const then = contextOf(owner.id, '2020-01-01T12:00:00.000Z');
  const { state } = await core.invitations.invite(workspaceId, owner.id, { userId, email, role }, then);
  const expired = core.invitationTokens.sign(linkOf({ state }), state.invitation?.expiresAt ?? '');
  const request = (token: string) => call('POST /v1/invitations/request-renewal', { body: { token } });
  const asked = await request(expired);
  t.strictSame([asked.status, asked.text], [202, '']);
  t.equal((await request(expired)).status, 202, 'asked for again, it is heard all the same');
  const types = await api.eventTypes(membershipStream({ workspaceId, userId }));
  t.strictSame(types, ['UserInvited', 'InvitationExpired', 'InvitationRenewalRequested']);

  const users = `/v1/workspaces/${workspaceId}/users`;
  const headers = { 'min-event-position': asked.headers['event-position'] ?? '' };
  const shown = await call(`GET ${users}/${userId}`, { as: owner, headers });
  t.match(shown.body, { status: 'expired', invitation: { renewalRequestedAt: String } });
  const { items } = (await call(`GET ${users}/${userId}/timeline`, { as: owner })).body;
  t.match(items.at(-1), { type: 'renewal-requested', actor: { type: 'invitee', id: userId } });

  const invitation = `/v1/workspaces/${workspaceId}/invitations/${state.invitation?.id}`;
  const resent = await call(`POST ${invitation}/resend`, { as: owner, body: {} });
  t.equal(resent.body.invitation.renewalRequestedAt, null);
  t.equal((await request(api.linkOf(resent.body))).body.code, 'renewal-not-needed');
  t.equal((await request(expired)).status, 202, 'the older link is of no use either');
  await call(`DELETE ${invitation}`, { as: owner });
  t.equal((await request(expired)).body.code, 'invitation-revoked');
  t.equal((await request(`${expired}x`)).body.code, 'invalid-token');
});
