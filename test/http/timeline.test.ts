import t from 'tap';

import { contextOf } from '../support/core.js';
import { anyMail, MAIL_CONTENT } from '../support/mail-content.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('olivia@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);
const users = `/v1/workspaces/${workspaceId}/users`;
const service = () => ({ ...contextOf(owner.id), actor: { type: 'service', id: 'worker' } as const });

const invited = await api.invite(owner, workspaceId, 'ana@example.com');
const first = { invitationId: invited.invitation.id, issue: 1 };
await core.emails.begin(first, '<1@example.com>', anyMail, service());
const reply = { reply: '250 2.0.0 ok', code: 250, enhancedCode: '2.0.0' };
await core.emails.record({ ...first, attempt: 1, outcome: 'sent', ...reply }, service());
await call(`DELETE /v1/workspaces/${workspaceId}/invitations/${first.invitationId}`, { as: owner });
const ana = await api.join(owner, workspaceId, 'ana@example.com', 'administrator');
await call(`DELETE ${users}/${ana.id}`, { as: owner });

t.test('every invitation of a person is told with its mails and its end', async (t) => {
  const { status, body } = await call(`GET ${users}/${ana.id}/timeline`, { as: owner });
  t.equal(status, 200);
  t.strictSame(
    body.items.map(({ type }: { type: string }) => type),
    ['invited', 'mail-attempted', 'mail-sent', 'revoked', 'invited', 'accepted', 'removed'],
  );
  t.match(body.items[0], {
    invitationId: first.invitationId,
    role: 'developer',
    actor: { type: 'user', id: owner.id },
  });
  t.match(body.items[1], {
    issue: 1,
    attempt: 1,
    messageId: '<1@example.com>',
    ...MAIL_CONTENT,
    actor: { type: 'service' },
  });
  t.match(body.items[2], { ...reply, issue: 1 });
  t.match(body.items[4], { previous: 'revoked', role: 'administrator' });
  t.equal(body.items[5].invitationId, body.items[4].invitationId);
});

t.test('it is told in words, by those who did it as they are called now', async (t) => {
  await api.caughtUp();
  const told = async (query: string, headers = {}) =>
    (await call(`GET ${users}/${ana.id}/timeline?${query}`, { as: owner, headers })).body.items;
  const [first, attempted, sent, revoked] = await told('locale=en&timeZone=Asia/Tokyo');
  const expires = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Tokyo' });
  t.equal(first.words, `Olivia Owner invited ana as developer, until ${expires.format(new Date(first.expiresAt))}.`);
  const [british] = await told('locale=en-GB&timeZone=Asia/Tokyo');
  t.match(british.words, /, until \d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d\.$/);
  t.equal(first.actor.name, 'Olivia Owner');
  t.strictSame([attempted.actor.type, attempted.actor.name], ['service', null]);
  t.equal(sent.words, 'The mail server took mail 1 to ana: 250 2.0.0 ok');
  t.equal(revoked.words, 'Olivia Owner revoked the invitation of ana.');
  t.match((await told('', { 'accept-language': 'es-MX' }))[3].words, /^Olivia Owner revocó/);
  t.match(await call(`GET ${users}/${ana.id}/timeline?timeZone=Mars/Olympus`, { as: owner }), {
    status: 400,
    body: { code: 'invalid-request', errors: [{ parameter: 'timeZone' }] },
  });
});

t.test('whom no projection knows yet is called as the log has them', async (t) => {
  const { body } = await call(`POST /v1/workspaces/${workspaceId}/invitations`, {
    as: owner,
    body: { email: 'bea@example.com', role: 'developer', name: 'Bea' },
  });
  const { items } = (await call(`GET ${users}/${body.id}/timeline?locale=en`, { as: owner })).body;
  t.match(items[0].words, /invited Bea as developer/);
});

t.test('the newest first is the same turned round, and what happens meanwhile moves no page', async (t) => {
  const timeline = `GET ${users}/${api.person('carla@example.com')}/timeline`;
  await api.invite(owner, workspaceId, 'carla@example.com');
  await api.join(owner, workspaceId, 'dora@example.com');
  const { invitation } = await (
    await call(`GET ${users}/${api.person('carla@example.com')}`, {
      as: owner,
      headers: { 'min-event-position': await core.store.head() },
    })
  ).body;
  const resend = () => call(`POST /v1/workspaces/${workspaceId}/invitations/${invitation.id}/resend`, { as: owner });
  await resend();
  await resend();
  const oldest = (await call(timeline, { as: owner })).body.items;
  const first = (await call(`${timeline}?order=newest&limit=2`, { as: owner })).body;
  await resend();
  const rest = (await call(`${timeline}?order=newest&limit=2&cursor=${first.nextCursor}`, { as: owner })).body;
  t.strictSame([...first.items, ...rest.items], oldest.toReversed());
  t.equal(rest.nextCursor, undefined);
  t.equal((await call(`${timeline}?order=newest&cursor=999`, { as: owner })).body.items.length, oldest.length + 1);
});

t.test('it is read in pages', async (t) => {
  const whole = (await call(`GET ${users}/${ana.id}/timeline`, { as: owner })).body.items;
  const found = [];
  let cursor: string | undefined;
  do {
    const { body } = await call(`GET ${users}/${ana.id}/timeline?limit=4${cursor ? `&cursor=${cursor}` : ''}`, {
      as: owner,
    });
    found.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  t.strictSame(found, whole);
  t.equal((await call(`GET ${users}/${ana.id}/timeline?cursor=x`, { as: owner })).body.code, 'invalid-cursor');
});

t.test('it is for those who are in the workspace now, and of those who were invited', async (t) => {
  t.equal((await call(`GET ${users}/${owner.id}/timeline`, { as: ana })).body.code, 'workspace-not-found');
  const nobody = await call(`GET ${users}/${api.person('nobody@example.com')}/timeline`, { as: owner });
  t.equal(nobody.body.code, 'user-not-found');
  const founder = await call(`GET ${users}/${owner.id}/timeline`, { as: owner });
  t.equal(founder.body.items[0].type, 'founded');
});
