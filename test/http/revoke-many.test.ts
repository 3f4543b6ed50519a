import t from 'tap';

import { membershipStream, refusalStream } from '../../src/domain/streams.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');

const revoke = (
  workspaceId: string,
  invitationIds: readonly string[],
  headers: Record<string, string> = {},
  as = owner,
) => call(`POST /v1/workspaces/${workspaceId}/invitations/revoke`, { as, body: { invitationIds }, headers });

const eventsOf = (workspaceId: string, email: string) =>
  api.eventTypes(membershipStream({ workspaceId, userId: api.person(email) }));

t.test('invitations are withdrawn by their ids, each with its outcome', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const one = await api.invite(owner, workspaceId, 'one@example.com');
  const gone = await api.invite(owner, workspaceId, 'gone@example.com');
  await call(`DELETE /v1/workspaces/${workspaceId}/invitations/${gone.invitation.id}`, { as: owner });
  const member = await api.join(owner, workspaceId, 'member@example.com');
  const nobody = `${workspaceId}.${api.person('nobody@example.com')}.1`;
  const three = await api.invite(owner, workspaceId, 'three@example.com');
  const accepted = `${workspaceId}.${member.id}.1`;
  const ids = [one.invitation.id, accepted, three.invitation.id, gone.invitation.id];

  const { status, headers, body } = await revoke(workspaceId, [...ids, nobody, one.invitation.id]);

  t.equal(status, 200);
  t.match(body, {
    results: [
      { invitationId: ids[0], outcome: 'revoked', problem: undefined },
      { invitationId: ids[1], outcome: 'refused', problem: { code: 'invitation-not-open', detail: /accepted/ } },
      { invitationId: ids[2], outcome: 'revoked' },
      { invitationId: ids[3], outcome: 'revoked' },
      {
        invitationId: nobody,
        outcome: 'refused',
        problem: { code: 'invitation-not-found', detail: 'There is no such invitation in this workspace.' },
      },
    ],
    summary: { revoked: 3, refused: 2, unavailable: 0 },
  });
  t.equal(body.results.length, 5, 'named twice, told once');
  t.equal(headers['event-position'], await core.store.head());
  for (const email of ['one@example.com', 'three@example.com', 'gone@example.com']) {
    t.strictSame(await eventsOf(workspaceId, email), ['UserInvited', 'InvitationRevoked'], email);
  }
});

t.test('a thousand are withdrawn by one request, and no more', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const recipients = Array.from({ length: 1_000 }, (_, index) => `p${index}@example.com`).join('\n');
  const { body } = await call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, {
    as: owner,
    body: { recipients },
  });
  const ids = body.results.map(({ invitationId }: { invitationId: string }) => invitationId);
  t.equal((await revoke(workspaceId, [...ids, `${workspaceId}.${owner.id}.1`])).body.code, 'invalid-request');
  const revoked = await revoke(workspaceId, ids);
  t.strictSame(revoked.body.summary, { revoked: 1_000, refused: 0, unavailable: 0 });
  const told = revoked.body.results.map(({ invitationId }: { invitationId: string }) => invitationId);
  t.strictSame(told, ids);
  t.equal((await eventsOf(workspaceId, 'p999@example.com')).at(-1), 'InvitationRevoked');
});

t.test('the same request, sent again with its key, is answered the same and withdraws nothing newer', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const { invitation } = await api.invite(owner, workspaceId, 'keyed@example.com');
  const first = await revoke(workspaceId, [invitation.id], { 'idempotency-key': 'revoke' });
  await api.invite(owner, workspaceId, 'keyed@example.com');
  const second = await revoke(workspaceId, [invitation.id], { 'idempotency-key': 'revoke' });
  t.equal(second.text, first.text);
  t.equal((await revoke(workspaceId, [invitation.id])).body.results[0].problem.code, 'invitation-superseded');
  t.strictSame(await eventsOf(workspaceId, 'keyed@example.com'), ['UserInvited', 'InvitationRevoked', 'UserInvited']);
});

t.test('it names at least one', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  t.equal((await revoke(workspaceId, [])).body.code, 'invalid-request');
  t.equal((await revoke(workspaceId, ['x'])).body.code, 'invalid-request');
});

t.test(
  'only the owner and administrators withdraw; others are refused as a whole, once, and that is recorded',
  async (t) => {
    const workspaceId = await api.createWorkspace(owner);
    const { invitation } = await api.invite(owner, workspaceId, 'kept@example.com');
    const { invitation: other } = await api.invite(owner, workspaceId, 'kept-too@example.com');
    const developer = await api.join(owner, workspaceId, 'dev@example.com');
    const refused = await revoke(workspaceId, [invitation.id, other.id], {}, developer);
    t.strictSame([refused.status, refused.body.code], [403, 'not-allowed']);
    t.strictSame(await eventsOf(workspaceId, 'kept@example.com'), ['UserInvited']);
    const { events } = await core.store.readStream(refusalStream({ workspaceId, userId: developer.id }));
    t.strictSame(
      events.map(({ type, data }) => [type, data['operation'], data['reason']]),
      [['RequestRefused', 'revokeInvitations', 'not-allowed']],
    );

    const administrator = await api.join(owner, workspaceId, 'admin@example.com', 'administrator');
    const stranger = await api.signIn('stranger@example.com');
    t.equal((await revoke(workspaceId, [invitation.id], {}, stranger)).body.code, 'workspace-not-found');
    t.equal((await revoke(workspaceId, [invitation.id], {}, administrator)).body.summary.revoked, 1);
  },
);
