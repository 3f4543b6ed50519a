import t from 'tap';

import { contextOf, linkOf, openTestCore } from '../support/core.js';

const { core, foundWorkspace, join, invitee, caughtUp } = await openTestCore(t, { followers: true });
const { workspaceQueries, workspaces, invitations, members } = core;

t.test('a workspace is shown as it is called and whose it is', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const heir = await join(founded, 'heir@example.com', 'developer');
  await workspaces.change(workspaceId, ownerId, { name: 'Renamed' }, contextOf(ownerId));
  await caughtUp();
  const before = await workspaceQueries.get(workspaceId);
  t.match(before, { workspaceId, name: 'Renamed', ownerId, invitationLifetimeSeconds: 604_800 });
  await workspaces.change(workspaceId, ownerId, { invitationLifetimeSeconds: 3_600 }, contextOf(ownerId));
  await workspaces.transferOwnership(workspaceId, ownerId, heir, contextOf(ownerId));
  await caughtUp();
  t.strictSame(await workspaceQueries.get(workspaceId), { ...before, ownerId: heir, invitationLifetimeSeconds: 3_600 });
  t.equal(await workspaceQueries.get(core.newId()), undefined);
});

t.test('an account is shown the workspaces it is active in, by name, with its permission', async (t) => {
  const [zeta, alpha, left] = await Promise.all(
    ['Zeta', 'alpha', 'Left'].map((name) => foundWorkspace('owner@example.com', name)),
  );
  if (!zeta || !alpha || !left) throw new Error('there are three');
  const email = 'member@example.com';
  const member = await join(zeta, email, 'developer');
  await join(alpha, email, 'administrator');
  await join(left, email, 'developer');
  await members.remove(left.workspaceId, member, member, contextOf(member));
  const waiting = await foundWorkspace('owner@example.com', 'Waiting');
  await invitations.invite(waiting.workspaceId, waiting.ownerId, invitee(email), contextOf(waiting.ownerId));
  await caughtUp();
  t.strictSame(await workspaceQueries.ofAccount(member), [
    { workspaceId: alpha.workspaceId, name: 'alpha', role: 'administrator' },
    { workspaceId: zeta.workspaceId, name: 'Zeta', role: 'developer' },
  ]);
});

t.test('an account is shown the invitations it can still accept, newest first, and who invited', async (t) => {
  const person = invitee('wanted@example.com', 'administrator');
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const invite = async (name: string, at: string, lifetimeSeconds = 86_400) => {
    const founded = await foundWorkspace('owner@example.com', name);
    const { workspaceId, ownerId } = founded;
    const outcome = await invitations.invite(
      workspaceId,
      ownerId,
      { ...person, lifetimeSeconds },
      contextOf(ownerId, at),
    );
    return { ...founded, link: linkOf(outcome), expiresAt: outcome.state.invitation?.expiresAt };
  };
  const older = await invite('Older', hoursAgo(3));
  const newer = await invite('Newer', hoursAgo(2));
  await invite('Over', hoursAgo(2), 3_600);
  const revoked = await invite('Revoked', hoursAgo(1));
  await invitations.revoke(revoked.workspaceId, revoked.ownerId, revoked.link.invitationId, contextOf(revoked.ownerId));
  await caughtUp();
  t.strictSame(
    await workspaceQueries.invitationsOf(person.userId),
    [newer, older].map(({ workspaceId, ownerId, link, expiresAt }, index) => ({
      invitationId: link.invitationId,
      workspaceId,
      workspaceName: ['Newer', 'Older'][index],
      role: 'administrator',
      invitedBy: ownerId,
      inviterName: 'Olivia Owner',
      expiresAt,
      issue: 1,
    })),
  );
});
