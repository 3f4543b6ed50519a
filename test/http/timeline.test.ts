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
