import t from 'tap';

import { after } from '../../src/domain/lifetime.js';
import type { InvitationRenewalRequested } from '../../src/domain/membership/events.js';
import { membershipStream } from '../../src/domain/streams.js';
import { contextOf, type Founded, linkOf, openTestCore } from '../support/core.js';

const { core, foundWorkspace, join, invitee } = await openTestCore(t);
const { accounts, invitations, links, members, renewalRequests, workspaces } = core;

const NOON = '2030-01-01T12:00:00.000Z';
const WEEK = 7 * 24 * 60 * 60;
const EXPIRED = after(NOON, WEEK);
const ines = { ...invitee('ines@example.com'), name: 'Inês' };

/** A workspace whose administrator has invited Inês, who asks for a new link when hers has expired. */
async function asked() {
  const founded = await foundWorkspace();
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const { workspaceId } = founded;
  const link = linkOf(await invitations.invite(workspaceId, ada, ines, contextOf(ada, NOON)));
  const { written } = await links.requestRenewal(link, contextOf(ines.userId, EXPIRED));
  const request = written.at(-1)?.data as unknown as InvitationRenewalRequested['data'];
  return { ...founded, ada, link, request };
}

const emailOf = async (request: InvitationRenewalRequested['data']) =>
  (await renewalRequests.find(request))?.recipient.email;

const demote = ({ workspaceId, ownerId }: Founded, userId: string) =>
  members.changePermission(workspaceId, ownerId, userId, 'developer', contextOf(ownerId));

t.test('who invited is told who asks for which invitation', async (t) => {
  const { workspaceId, link, request } = await asked();
  t.strictSame(request, { ...link, requestedAt: EXPIRED });
  t.match(await renewalRequests.find(request), {
    workspaceId,
    workspace: { name: 'Acme' },
    invitation: { id: link.invitationId, email: 'ines@example.com' },
    name: 'Inês',
    endedAt: EXPIRED,
    recipient: { email: 'ada@example.com' },
  });
});

t.test('who sent it again is told, once they have', async (t) => {
  const { workspaceId, ownerId, link } = await asked();
  const resent = await invitations.resend(workspaceId, ownerId, link.invitationId, contextOf(ownerId, EXPIRED));
  const now = after(EXPIRED, WEEK);
  const { written } = await links.requestRenewal(linkOf(resent), contextOf(ines.userId, now));
  t.equal(await emailOf(written.at(-1)?.data as never), 'owner@example.com');
});

t.test('where the inviter may not invite any more, or is gone, the owner as of now is told', async (t) => {
  const demoted = await asked();
  await demote(demoted, demoted.ada);
  t.equal(await emailOf(demoted.request), 'owner@example.com');

  const removed = await asked();
  const { workspaceId, ownerId, ada } = removed;
  const eve = await join(removed, 'eve@example.com', 'administrator');
  await members.remove(workspaceId, ownerId, ada, contextOf(ownerId));
  await workspaces.transferOwnership(workspaceId, ownerId, eve, contextOf(ownerId));
  t.equal(await emailOf(removed.request), 'eve@example.com');
});

t.test('who does not want such mails is left alone, and nobody is told in their place', async (t) => {
  const { ada, request } = await asked();
  t.equal(await emailOf(request), 'ada@example.com');
  await accounts.register(ada, { email: 'ada@example.com', name: 'Ada' }, contextOf(ada));
  await accounts.change(ada, { notifications: { digests: false } }, contextOf(ada));
  t.equal(await emailOf(request), 'ada@example.com', 'another kind of mail is another matter');
  await accounts.change(ada, { notifications: { renewalRequests: false } }, contextOf(ada));
  t.equal(await emailOf(request), undefined);
  await accounts.change(ada, { notifications: { renewalRequests: true } }, contextOf(ada));
});

t.test(
  "mails are in the language of the account, a founder's too; without one, in that of their own invitation",
  async (t) => {
    const { ada, request, workspaceId, ownerId } = await asked();
    const localeOf = async () => (await renewalRequests.find(request))?.recipient.locale;
    t.equal(await localeOf(), undefined);
    await accounts.change(ada, { locale: 'es' }, contextOf(ada));
    t.equal(await localeOf(), 'es');
    await accounts.change(ownerId, { locale: 'pt-BR' }, contextOf(ownerId));
    await demote({ workspaceId, ownerId }, ada);
    t.equal(await localeOf(), 'pt-BR');
  },
);

t.test('nobody is told of what has been done, or is over', async (t) => {
  const resent = await asked();
  const again = contextOf(resent.ada, after(EXPIRED, 1));
  await invitations.resend(resent.workspaceId, resent.ada, resent.link.invitationId, again);
  t.equal(await emailOf(resent.request), undefined);

  const revoked = await asked();
  await invitations.revoke(revoked.workspaceId, revoked.ada, revoked.link.invitationId, contextOf(revoked.ada));
  t.equal(await emailOf(revoked.request), undefined);
});

t.test('a link that was replaced is of no use since then', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const link = linkOf(await invitations.invite(workspaceId, ownerId, ines, contextOf(ownerId, NOON)));
  const replaced = after(NOON, 60);
  await invitations.resend(workspaceId, ownerId, link.invitationId, contextOf(ownerId, replaced));
  const { written } = await links.requestRenewal(link, contextOf(ines.userId, after(NOON, 120)));
  t.equal((await renewalRequests.find(written.at(-1)?.data as never))?.endedAt, replaced);
});

t.test('of many who ask at once, one is heard', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const link = linkOf(await invitations.invite(workspaceId, ownerId, ines, contextOf(ownerId, NOON)));
  const asking = Array.from({ length: 6 }, () => links.requestRenewal(link, contextOf(ines.userId, EXPIRED)));
  await Promise.all(asking);
  const { events } = await core.store.readStream(membershipStream({ workspaceId, userId: ines.userId }));
  t.strictSame(
    events.map(({ type }) => type),
    ['UserInvited', 'InvitationExpired', 'InvitationRenewalRequested'],
  );
});
