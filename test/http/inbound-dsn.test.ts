import t from 'tap';

import { attemptName, noticeName } from '../../src/domain/membership/mail-reference.js';
import { addressStream, attemptId, membershipStream } from '../../src/domain/streams.js';
import { createChannels } from '../../src/inbound/channels.js';
import { dsnSignature } from '../../src/inbound/dsn/dsn-channel.js';
import { notification } from '../inbound/notifications.js';
import { contextOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { openTestApi } from './support/api.js';

const SECRET = 'a secret of the mail server';
const channels = createChannels({ secret: SECRET }, (...told) => api.core.attemptProofs.isGenuine(...told));
const api = await openTestApi(t, { replace: () => ({ channels }) });
const { call, core, eventTypes } = api;
const owner = await api.signIn('olivia@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);
const inUsersTab = `/v1/workspaces/${workspaceId}/users`;

/** Invites somebody, and mails them as the worker does. */
async function mailed(name: string) {
  const user = await api.invite(owner, workspaceId, `${name}@example.com`);
  const mail = await sendIssue(user.invitation.id, 1);
  return { ...mail, userId: user.id as string, stream: membershipStream({ workspaceId, userId: user.id }) };
}

async function sendIssue(invitationId: string, issue: number) {
  const link = { invitationId, issue };
  const sent = await core.emails.begin(link, `<${invitationId}.${issue}@example.com>`, anyMail, contextOf(owner.id));
  if (!sent) throw new Error('there is a mail to send');
  const outcome = { ...link, attempt: 1, outcome: 'sent', reply: '250 ok' } as const;
  await core.emails.record(outcome, contextOf(owner.id));
  const attempt = { ...link, attempt: 1 };
  return { ...link, envelopeId: attemptName(attempt, core.attemptProofs.prove(attempt)), shownId: attemptId(attempt) };
}

async function report(body: Buffer, signature = dsnSignature(SECRET, body, Math.floor(Date.now() / 1000))) {
  const headers = { 'content-type': 'message/rfc822', 'x-inbound-signature': signature };
  return call('POST /v1/inbound/dsn', { body, headers });
}

t.test('a mail that came back is shown as bounced, however often it is told', async (t) => {
  const { envelopeId, userId, stream } = await mailed('gone');
  const raw = notification({ envelopeId });
  for (const _time of [1, 2])
    t.match(await report(raw), { status: 200, body: { recorded: 1, unproven: 0, unmatched: 0 } });
  t.strictSame(await eventTypes(stream), [
    'UserInvited',
    'InvitationEmailAttempted',
    'InvitationEmailSent',
    'InvitationEmailBounced',
  ]);
  const { events } = await core.store.readStream(addressStream(userId));
  t.match(events, [{ type: 'AddressSuppressed', data: { reason: 'hard-bounce', enhancedCode: '5.1.1' } }]);

  const position = events.at(-1)?.position ?? '';
  const headers = { 'min-event-position': position };
  const { body } = await call(`GET ${inUsersTab}/${userId}`, { as: owner, headers });
  t.match(body, { status: 'waiting', delivery: { status: 'bounced', reply: '550 5.1.1 No such user' } });
  const { body: timeline } = await call(`GET ${inUsersTab}/${userId}/timeline`, { as: owner });
  t.match(timeline.items.at(-1), {
    type: 'mail-bounced',
    kind: 'permanent',
    reportedBy: 'dsn',
    enhancedCode: '5.1.1',
    actor: { type: 'service', id: 'delivery-reports' },
  });
  const { text } = await call('GET /metrics');
  t.match(text, 'delivery_reports_total{source="dsn",kind="permanent",outcome="recorded"} 2');
});

t.test('a mail that is late or did not get through leaves its address alone', async (t) => {
  const { envelopeId, userId } = await mailed('late');
  const about = { envelopeId, status: '4.2.2', diagnostic: 'smtp; 452 4.2.2 full' };
  await report(notification({ ...about, action: 'delayed' }));
  await api.caughtUp();
  t.match((await call(`GET ${inUsersTab}/${userId}`, { as: owner })).body, { delivery: { status: 'deferred' } });
  await report(notification(about));
  await report(notification({ ...about, action: 'delayed' }));
  await api.caughtUp();
  t.match((await call(`GET ${inUsersTab}/${userId}`, { as: owner })).body, { delivery: { status: 'bounced' } });
  t.strictSame(await eventTypes(addressStream(userId)), []);
});

t.test('a mail that was late and arrived is shown as delivered, and what was made up of that is not', async (t) => {
  const { envelopeId, shownId, userId, stream } = await mailed('patient');
  await report(notification({ envelopeId, action: 'delayed', status: '4.4.1', diagnostic: 'smtp; 421 4.4.1 later' }));
  const arrived = { action: 'delivered', status: '2.0.0', diagnostic: 'smtp; 250 2.0.0 taken' };
  t.match(await report(notification({ ...arrived, envelopeId: shownId })), { body: { recorded: 0, unproven: 1 } });
  t.equal((await eventTypes(stream)).at(-1), 'InvitationEmailBounced');
  const told = notification({ ...arrived, envelopeId });
  for (const _time of [1, 2]) t.match(await report(told), { body: { recorded: 1, unproven: 0 } });
  t.equal((await eventTypes(stream)).filter((type) => type === 'InvitationEmailDelivered').length, 1);
  await api.caughtUp();
  const { body } = await call(`GET ${inUsersTab}/${userId}`, { as: owner });
  t.match(body, { delivery: { status: 'delivered', reply: '250 2.0.0 taken' } });
  const { body: timeline } = await call(`GET ${inUsersTab}/${userId}/timeline`, { as: owner });
  t.match(timeline.items.at(-1), { type: 'mail-delivered', reportedBy: 'dsn', enhancedCode: '2.0.0' });
});

t.test('a report made up from what the timeline shows is told, and keeps nobody from being mailed', async (t) => {
  const { shownId, userId, stream } = await mailed('victim');
  const forgeries = [
    { envelopeId: shownId },
    { envelopeId: `${shownId}.${'a'.repeat(10)}` },
    { returned: [`X-Attempt-Id: ${shownId}`] },
    { envelopeId: shownId, action: 'delayed', status: '4.4.1' },
  ];
  for (const forgery of forgeries) {
    t.match(await report(notification(forgery)), { body: { recorded: 0, unproven: 1, unmatched: 0 } });
  }
  const told = (await eventTypes(stream)).filter((type) => type === 'InvitationEmailBounced');
  t.equal(told.length, 2, 'once for each kind, as forgeries cost nothing');
  t.strictSame(await eventTypes(addressStream(userId)), []);
  await api.caughtUp();
  t.match((await call(`GET ${inUsersTab}/${userId}`, { as: owner })).body, { delivery: { status: 'sent' } });
  const { body: timeline } = await call(`GET ${inUsersTab}/${userId}/timeline`, { as: owner });
  t.match(timeline.items.at(-1), { type: 'mail-bounced', unproven: true });
});

t.test('no answer and no event has the proof of a mail in it', async (t) => {
  const { envelopeId, userId, stream } = await mailed('secret');
  await report(notification({ envelopeId }));
  const proof = envelopeId.split('.').at(-1) ?? '';
  t.match(proof, /^[a-z2-7]{10}$/);
  await api.caughtUp();
  const told = [
    await core.store.readStream(stream),
    await core.store.readStream(addressStream(userId)),
    (await call(`GET ${inUsersTab}/${userId}`, { as: owner })).body,
    (await call(`GET ${inUsersTab}/${userId}/timeline`, { as: owner })).body,
  ];
  t.notMatch(JSON.stringify(told), proof);
});

t.test('a bounce of a mail that was answered or sent again is recorded, and changes nothing else', async (t) => {
  const accepted = await mailed('quick');
  const token = core.invitationTokens.sign(accepted, new Date(Date.now() + 3_600_000).toISOString());
  t.equal((await call('POST /v1/invitations/accept', { body: { token, name: 'Quick' } })).status, 200);
  const superseded = await mailed('again');
  await call(`POST /v1/workspaces/${workspaceId}/invitations/${superseded.invitationId}/resend`, {
    as: owner,
    body: {},
  });
  await sendIssue(superseded.invitationId, 2);
  for (const { envelopeId, stream, userId } of [accepted, superseded]) {
    t.match(await report(notification({ envelopeId })), { body: { recorded: 1 } });
    t.equal((await eventTypes(stream)).at(-1), 'InvitationEmailBounced');
    t.strictSame(await eventTypes(addressStream(userId)), []);
    await api.caughtUp();
    const { body } = await call(`GET ${inUsersTab}/${userId}`, { as: owner });
    t.not(body.delivery.status, 'bounced');
  }
});

t.test('reports of mails that are not ours, or were never sent, change nothing', async (t) => {
  const { invitationId, stream } = await mailed('never');
  const envelopeIds = [attemptId({ invitationId, issue: 7, attempt: 1 }), 'QQ314159', undefined];
  for (const envelopeId of envelopeIds) {
    const raw = notification(envelopeId === undefined ? {} : { envelopeId });
    t.match(await report(raw), { status: 200, body: { recorded: 0, unmatched: 1 } });
  }
  t.match(await report(Buffer.from('Subject: I am away\r\n\r\n')), { body: { recorded: 0, unmatched: 0 } });
  t.notOk((await eventTypes(stream)).includes('InvitationEmailBounced'));
});

t.test('nothing is taken that is not signed, or was signed long ago', async (t) => {
  const { envelopeId, stream } = await mailed('forged');
  const raw = notification({ envelopeId });
  const now = Math.floor(Date.now() / 1000);
  const signatures = [
    '',
    't=1,v1=00',
    dsnSignature('another secret', raw, now),
    dsnSignature(SECRET, Buffer.from('another message'), now),
    dsnSignature(SECRET, raw, now - 301),
    // By more than the request may take on a slow machine.
    dsnSignature(SECRET, raw, now + 400),
    dsnSignature(SECRET, raw, now - 301).replace(/^t=\d+/, `t=${now}`),
  ];
  for (const signature of signatures) {
    t.match(await report(raw, signature), { status: 403, body: { code: 'untrusted-report' } }, signature);
  }
  t.notOk((await eventTypes(stream)).includes('InvitationEmailBounced'));
});

t.test('a way in that is not set up says so', async (t) => {
  const { status, body } = await call('POST /v1/inbound/ses', { body: {} });
  t.match({ status, body }, { status: 404, body: { code: 'inbound-not-configured' } });
});

t.test('a digest that came back ends mails to its reader, if a proof came back with it', async (t) => {
  const noticeTo = owner.id;
  const suppressed = async () => (await core.suppressions.of(noticeTo))?.reason;
  const forged = noticeName({ noticeTo }, 'a'.repeat(10));
  t.match(await report(notification({ envelopeId: forged })), { status: 200, body: { unproven: 1 } });
  t.equal(await suppressed(), undefined);
  const raw = notification({ envelopeId: noticeName({ noticeTo }, core.attemptProofs.prove({ noticeTo })) });
  for (const _time of [1, 2]) t.match(await report(raw), { status: 200, body: { recorded: 1 } });
  t.equal(await suppressed(), 'hard-bounce');
  t.strictSame(await eventTypes(addressStream(noticeTo)), ['AddressSuppressed']);
});
