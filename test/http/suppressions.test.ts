import t from 'tap';

import { address } from '../../src/domain/address/address.js';
import { addressStream, membershipStream } from '../../src/domain/streams.js';
import { contextOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core, eventTypes } = api;
const owner = await api.signIn('olivia@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);
const inWorkspace = `/v1/workspaces/${workspaceId}`;

/** Somebody invited whose mail came back for good. */
async function bouncing(email: string, inviter = owner, space = workspaceId) {
  const user = await api.invite(inviter, space, email);
  const link = { invitationId: user.invitation.id as string, issue: 1 };
  await core.emails.begin(link, '<1@example.com>', anyMail, contextOf(owner.id));
  const report = {
    id: email,
    reportedBy: 'dsn',
    isProven: true,
    kind: 'permanent',
    reply: '550 5.1.1 gone',
    mail: link,
  } as const;
  const { commandId: _ofReport, ...context } = contextOf(owner.id);
  t.equal(await core.deliveryReports.record(report, context), 'recorded');
  await api.caughtUp();
  return { ...link, userId: user.id as string };
}

const suppressing = (invitationId: string, issue: number) =>
  core.emails.suppress({ invitationId, issue }, contextOf(owner.id));

t.test('a later invitation is made, and says that its mail will not go out', async (t) => {
  await bouncing('gone@example.com');
  const other = await api.createWorkspace(owner, 'Other');
  const invited = await api.invite(owner, other, 'Gone@example.com');
  t.match(invited, { status: 'waiting', delivery: { status: 'suppressed' }, warning: { code: 'address-suppressed' } });
  const fine = await api.invite(owner, other, 'fine@example.com');
  t.match(fine, { delivery: { status: 'queued' }, warning: undefined });

  await bouncing('batched@example.com');
  const recipients = 'batched@example.com, new@example.com, gone@example.com';
  const third = await api.createWorkspace(owner, 'Third');
  const { body } = await call(`POST /v1/workspaces/${third}/invitations/batch`, { as: owner, body: { recipients } });
  t.match(body.results, [
    { outcome: 'invited', delivery: 'suppressed', warning: { code: 'address-suppressed' } },
    { outcome: 'invited', delivery: undefined, warning: undefined },
    { outcome: 'invited', delivery: 'suppressed' },
  ]);
  t.match(body.summary, { invited: 3 });
});

t.test('so do a correction of the address and a resend of many', async (t) => {
  const { invitationId } = await bouncing('resent@example.com');
  await bouncing('corrected@example.com');
  const other = await api.createWorkspace(owner, 'Other');
  const wrong = await api.invite(owner, other, 'wrong@example.com');
  const correct = `POST /v1/workspaces/${other}/invitations/${wrong.invitation.id}/correct-address`;
  const corrected = await call(correct, { as: owner, body: { email: 'corrected@example.com' } });
  t.match(corrected.body, { delivery: { status: 'suppressed' }, warning: { code: 'address-suppressed' } });

  const fine = await api.invite(owner, workspaceId, 'resent-fine@example.com');
  const { body } = await call(`POST ${inWorkspace}/invitations/resend`, {
    as: owner,
    body: { invitationIds: [invitationId, fine.invitation.id] },
  });
  t.match(body.results, [
    { outcome: 'resent', delivery: 'suppressed', warning: { code: 'address-suppressed' } },
    { outcome: 'resent', delivery: undefined, warning: undefined },
  ]);
});

t.test('the worker sends nothing there, and says so once', async (t) => {
  await bouncing('silent@example.com');
  const other = await api.createWorkspace(owner, 'Other');
  const { id, invitation } = await api.invite(owner, other, 'silent@example.com');
  t.equal(await suppressing(invitation.id, 1), 'suppressed');
  t.equal(await suppressing(invitation.id, 1), 'nothing-to-send');
  const stream = membershipStream({ workspaceId: other, userId: id });
  t.strictSame(await eventTypes(stream), ['UserInvited', 'InvitationEmailSuppressed']);
  await api.caughtUp();
  const { body } = await call(`GET /v1/workspaces/${other}/users/${id}`, { as: owner });
  t.match(body.delivery, { status: 'suppressed', reply: /^not sent/, attempt: 1 });
});

t.test('an administrator lifts a suppression, and a resend goes out', async (t) => {
  const { invitationId, userId } = await bouncing('back@example.com');
  const resend = `POST ${inWorkspace}/invitations/${invitationId}/resend`;
  t.match((await call(resend, { as: owner, body: {} })).body, { warning: { code: 'address-suppressed' } });
  t.equal(await suppressing(invitationId, 2), 'suppressed');

  const lift = `POST ${inWorkspace}/users/${userId}/lift-suppression`;
  const body = { reason: 'the mailbox is back' };
  const lifted = await call(lift, { as: owner, body, headers: { 'idempotency-key': 'lift' } });
  t.match(lifted, { status: 200, body: { id: userId } });
  t.equal((await call(lift, { as: owner, body })).status, 200, 'and it does no harm to ask again');
  t.strictSame(await eventTypes(addressStream(userId)), ['AddressSuppressed', 'SuppressionLifted']);

  await api.caughtUp();
  t.match((await call(resend, { as: owner, body: {} })).body, { delivery: { status: 'queued' }, warning: undefined });
  t.equal(await suppressing(invitationId, 3), 'free');
  const link = { invitationId, issue: 3 };
  t.ok(await core.emails.begin(link, '<3@example.com>', anyMail, contextOf(owner.id)), 'its mail is sent');

  const timeline = await call(`GET ${inWorkspace}/users/${userId}/timeline`, { as: owner });
  const told = timeline.body.items.find(({ type }: { type: string }) => type === 'suppression-lifted');
  t.match(told, { reason: 'the mailbox is back', actor: { id: owner.id } });
  const audit = await call(`GET ${inWorkspace}/audit-events?type=SuppressionLifted&locale=en`, { as: owner });
  t.strictSame(
    audit.body.items.map(({ words, subject }: { words: string; subject: { userId: string } }) => [
      words,
      subject.userId,
    ]),
    [['Olivia Owner allowed mails to back@example.com again: the mailbox is back', userId]],
  );
});

t.test('of a member too, who would get no sign-in link after a complaint', async (t) => {
  const member = await api.join(owner, workspaceId, 'member@example.com');
  const suppress = { type: 'SuppressAddress', reason: 'complaint', reply: 'reported' } as const;
  await core.aggregates.execute(address, addressStream(member.id), suppress, contextOf(member.id));
  t.equal(await core.emails.wasComplainedOf(member.id), true);
  const lift = `POST ${inWorkspace}/users/${member.id}/lift-suppression`;
  t.equal((await call(lift, { as: owner, body: { reason: 'by mistake' } })).status, 200);
  t.equal(await core.emails.wasComplainedOf(member.id), false);
});

t.test('nobody else lifts one', async (t) => {
  const { userId } = await bouncing('kept@example.com');
  const lift = `POST ${inWorkspace}/users/${userId}/lift-suppression`;
  const body = { reason: 'because' };
  const developer = await api.join(owner, workspaceId, 'developer@example.com');
  t.match(await call(lift, { as: developer, body }), { status: 403, body: { code: 'not-allowed' } });
  const stranger = await api.signIn('stranger@example.com', 'Stranger');
  t.match(await call(lift, { as: stranger, body }), { body: { code: 'workspace-not-found' } });
  const strangers = await api.createWorkspace(stranger, 'Elsewhere');
  const elsewhere = `POST /v1/workspaces/${strangers}/users/${userId}/lift-suppression`;
  t.match(await call(elsewhere, { as: stranger, body }), { body: { code: 'user-not-found' } });
  const revoked = await api.invite(owner, workspaceId, 'revoked@example.com');
  await call(`DELETE ${inWorkspace}/invitations/${revoked.invitation.id}`, { as: owner });
  const ofRevoked = `POST ${inWorkspace}/users/${revoked.id}/lift-suppression`;
  t.match(await call(ofRevoked, { as: owner, body }), { body: { code: 'invitation-not-open' } });
  t.match(await call(lift, { as: owner, body: { reason: '' } }), { status: 400 });
  t.strictSame(await eventTypes(addressStream(userId)), ['AddressSuppressed']);
});
