import t from 'tap';

import { membershipStream } from '../../src/domain/streams.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');

const resend = (workspaceId: string, body: object, headers: Record<string, string> = {}, as = owner) =>
  call(`POST /v1/workspaces/${workspaceId}/invitations/resend`, { as, body, headers });

const issueOf = async (workspaceId: string, email: string) =>
  (await api.eventTypes(membershipStream({ workspaceId, userId: api.person(email) }))).filter(
    (type) => type === 'UserInvited' || type === 'InvitationResent',
  ).length;

t.test('invitations are sent again by their ids, each with its outcome', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const one = await api.invite(owner, workspaceId, 'one@example.com');
  const two = await api.invite(owner, workspaceId, 'two@example.com');
  await call(`DELETE /v1/workspaces/${workspaceId}/invitations/${two.invitation.id}`, { as: owner });
  const nobody = `${workspaceId}.${api.person('nobody@example.com')}.1`;
  const invitationIds = [one.invitation.id, two.invitation.id, nobody, one.invitation.id];
  const { status, headers, body } = await resend(workspaceId, { invitationIds });
  t.equal(status, 202);
  t.strictSame(body, {
    results: [
      { invitationId: one.invitation.id, outcome: 'resent' },
      {
        invitationId: two.invitation.id,
        outcome: 'refused',
        problem: {
          code: 'invitation-not-open',
          detail: 'Only an invitation that waits or has expired can be sent again; this one is revoked.',
        },
      },
      {
        invitationId: nobody,
        outcome: 'refused',
        problem: { code: 'invitation-not-found', detail: 'There is no such invitation in this workspace.' },
      },
    ],
    summary: { resent: 1, refused: 2, unavailable: 0 },
  });
  t.equal(headers['event-position'], await core.store.head());
  t.equal(await issueOf(workspaceId, 'one@example.com'), 2, 'named twice, sent once');
});

t.test('all invitations of a status are sent again, page by page', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const recipients = Array.from({ length: 230 }, (_, index) => `p${index}@example.com`).join('\n');
  await call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, { as: owner, body: { recipients } });
  await api.join(owner, workspaceId, 'active@example.com');
  const position = { 'min-event-position': await core.store.head() };
  const { body } = await resend(workspaceId, { status: 'waiting' }, position);
  t.strictSame(body.summary, { resent: 230, refused: 0, unavailable: 0 });
  t.equal(await issueOf(workspaceId, 'p229@example.com'), 2);
  t.strictSame((await resend(workspaceId, { status: 'expired' }, position)).body.results, []);
});

t.test('the same request, sent again with its key, sends no mail twice', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const { invitation } = await api.invite(owner, workspaceId, 'keyed@example.com');
  const body = { invitationIds: [invitation.id] };
  const first = await resend(workspaceId, body, { 'idempotency-key': 'resend' });
  const second = await resend(workspaceId, body, { 'idempotency-key': 'resend' });
  t.equal(second.text, first.text);
  t.equal(await issueOf(workspaceId, 'keyed@example.com'), 2);
});

t.test('it is either ids or a status, and a bounded number', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const id = `${workspaceId}.${owner.id}.1`;
  t.equal((await resend(workspaceId, {})).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { invitationIds: [id], status: 'waiting' })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { invitationIds: [] })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { status: 'revoked' })).body.code, 'invalid-request');
  const many = Array.from({ length: 1_001 }, (_, index) => `${workspaceId}.${owner.id}.${index + 1}`);
  t.equal((await resend(workspaceId, { invitationIds: many })).body.code, 'invalid-request');

  const recipients = Array.from({ length: 1_001 }, (_, index) => `q${index}@example.com`).join('\n');
  const invited = await call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, {
    as: owner,
    body: { recipients },
  });
  const position = { 'min-event-position': invited.headers['event-position'] as string };
  const refused = await resend(workspaceId, { status: 'waiting' }, position);
  t.strictSame([refused.status, refused.body.code], [400, 'too-many-recipients']);
});

t.test('only the owner and administrators send again', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const developer = await api.join(owner, workspaceId, 'dev@example.com');
  const refused = await resend(workspaceId, { status: 'waiting' }, {}, developer);
  t.strictSame([refused.status, refused.body.code], [403, 'not-allowed']);
});
