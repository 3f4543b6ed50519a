import t from 'tap';

import { after } from '../../src/domain/lifetime.js';
import { accountStream, membershipStream } from '../../src/domain/streams.js';
import { contextOf, linkOf, openTestCore } from '../support/core.js';

const { core, foundWorkspace, join, person, invitee, eventTypes } = await openTestCore(t);
const { invitations, links, members } = core;

const EMAIL = 'ines@example.com';
const ines = invitee(EMAIL);
const NOON = '2030-01-01T12:00:00.000Z';
const WEEK = 7 * 24 * 60 * 60;

/** A workspace that has invited Ines at noon. */
async function invited() {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const { state } = await invitations.invite(workspaceId, ownerId, ines, contextOf(ownerId, NOON));
  const stream = membershipStream({ workspaceId, userId: ines.userId });
  return { ...founded, founded, stream, link: linkOf({ state }) };
}

const acceptAt = (link: ReturnType<typeof linkOf>, now: string) =>
  links.accept(link, 'Ines', contextOf(ines.userId, now));

t.test('an invitation names who, as what, by whom and until when', async (t) => {
  const { stream, workspaceId, ownerId } = await invited();
  const { events } = await core.store.readStream(stream);
  t.strictSame(
    events.map(({ type, data }) => ({ type, data })),
    [
      {
        type: 'UserInvited',
        data: {
          invitationId: `${workspaceId}.${ines.userId}.1`,
          email: EMAIL,
          role: 'developer',
          invitedBy: ownerId,
          expiresAt: after(NOON, WEEK),
          lifetimeSeconds: WEEK,
          remindAt: after(NOON, 3 * 24 * 60 * 60),
        },
      },
    ],
  );
});

t.test('every event says who caused it, when and within which request', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const context = { ...contextOf(ownerId, NOON), ip: '127.0.0.1', userAgent: 'test' };
  const { written } = await invitations.invite(workspaceId, ownerId, ines, context);
  t.strictSame(written[0]?.metadata, {
    schemaVersion: 1,
    at: NOON,
    actor: { type: 'user', id: ownerId },
    correlationId: context.correlationId,
    causationId: context.commandId,
    ip: '127.0.0.1',
    userAgent: 'test',
  });
});

t.test('who has an open invitation or is in already is not invited again', async (t) => {
  const { workspaceId, ownerId, link } = await invited();
  const invite = () => invitations.invite(workspaceId, ownerId, ines, contextOf(ownerId, NOON));
  await t.rejects(invite(), { code: 'already-invited' });
  await acceptAt(link, NOON);
  await t.rejects(invite(), { code: 'already-member' });
});

t.test('who was revoked, declined, expired or removed is invited again, and the lineage is told', async (t) => {
  const { workspaceId, ownerId, stream, link } = await invited();
  const again = async (now: string) => {
    const { state, written } = await invitations.invite(workspaceId, ownerId, ines, contextOf(ownerId, now));
    return { link: linkOf({ state }), previous: written.at(-1)?.data['previous'], times: state.timesInvited };
  };
  await invitations.revoke(workspaceId, ownerId, link.invitationId, contextOf(ownerId));
  const second = await again(NOON);
  await links.decline(second.link, contextOf(ines.userId, NOON));
  const third = await again(NOON);
  const nextWeek = after(NOON, WEEK);
  const fourth = await again(nextWeek);
  await acceptAt(fourth.link, nextWeek);
  await members.remove(workspaceId, ownerId, ines.userId, contextOf(ownerId));
  const fifth = await again(nextWeek);
  t.strictSame(
    [second, third, fourth, fifth].map(({ previous, times }) => [times, previous]),
    [
      [2, 'revoked'],
      [3, 'declined'],
      [4, 'expired'],
      [5, 'removed'],
    ],
  );
  t.strictSame(await eventTypes(stream), [
    'UserInvited',
    'InvitationRevoked',
    'UserInvited',
    'InvitationDeclined',
    'UserInvited',
    'InvitationExpired',
    'UserInvited',
    'InvitationAccepted',
    'UserRemoved',
    'UserInvited',
  ]);
});

t.test('of many who invite one address at once, exactly one does', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const attempts = await Promise.allSettled(
    [ownerId, ada, ownerId, ada, ownerId, ada].map((actor) =>
      invitations.invite(workspaceId, actor, ines, contextOf(actor)),
    ),
  );
  const refusals = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason.code] : []));
  t.strictSame(refusals, Array(5).fill('already-invited'));
  t.strictSame(await eventTypes(membershipStream({ workspaceId, userId: ines.userId })), ['UserInvited']);
});

t.test('developers, strangers and those who are only invited may not invite', async (t) => {
  const { founded, workspaceId } = await invited();
  const developer = await join(founded, 'dev@example.com', 'developer');
  const invite = (actor: string) =>
    invitations.invite(workspaceId, actor, invitee('friend@example.com'), contextOf(actor));
  await t.rejects(invite(developer), { code: 'not-allowed' });
  await t.rejects(invite(person('stranger@example.com')), { code: 'workspace-not-found' });
  await t.rejects(invite(ines.userId), { code: 'workspace-not-found' });
});

t.test('an administrator who is demoted or removed can do nothing from that moment on', async (t) => {
  const { founded, workspaceId, ownerId, link } = await invited();
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const attempts = [
    () => invitations.invite(workspaceId, ada, invitee('friend@example.com'), contextOf(ada)),
    () => invitations.resend(workspaceId, ada, link.invitationId, contextOf(ada)),
    () => invitations.revoke(workspaceId, ada, link.invitationId, contextOf(ada)),
    () => members.changePermission(workspaceId, ada, ines.userId, 'administrator', contextOf(ada)),
    () => members.remove(workspaceId, ada, ines.userId, contextOf(ada)),
  ];
  await members.changePermission(workspaceId, ownerId, ada, 'developer', contextOf(ownerId));
  for (const attempt of attempts) await t.rejects(attempt(), { code: 'not-allowed' });
  await members.remove(workspaceId, ownerId, ada, contextOf(ownerId));
  for (const attempt of attempts) await t.rejects(attempt(), { code: 'workspace-not-found' });
});

t.test('who has just invited somebody is held against their permission as it is by the next invitation', async (t) => {
  const { founded, workspaceId, ownerId } = await invited();
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const invite = (friend: string) => invitations.invite(workspaceId, ada, invitee(friend), contextOf(ada));
  await invite('first@example.com');
  await members.changePermission(workspaceId, ownerId, ada, 'developer', contextOf(ownerId));
  await t.rejects(invite('second@example.com'), { code: 'not-allowed' });
  await members.changePermission(workspaceId, ownerId, ada, 'administrator', contextOf(ownerId));
  await invite('second@example.com');
  await members.remove(workspaceId, ownerId, ada, contextOf(ownerId));
  await t.rejects(invite('third@example.com'), { code: 'workspace-not-found' });
});

t.test('an administrator who is demoted at that very moment has either invited before or not at all', async (t) => {
  const { founded, workspaceId, ownerId } = await invited();
  for (let round = 0; round < 20; round++) {
    const ada = await join(founded, `ada${round}@example.com`, 'administrator');
    const friend = invitee(`friend${round}@example.com`);
    await invitations.invite(workspaceId, ada, invitee(`early${round}@example.com`), contextOf(ada));
    const [invite, demotion] = await Promise.allSettled([
      invitations.invite(workspaceId, ada, friend, contextOf(ada)),
      members.changePermission(workspaceId, ownerId, ada, 'developer', contextOf(ownerId)),
    ]);
    if (demotion.status === 'rejected') throw demotion.reason;
    if (invite.status === 'rejected') t.match(invite.reason, { code: 'not-allowed' });
    else t.ok(invite.value.position < demotion.value.position, 'the log has the invitation first');
  }
});

t.test('a resend ends the older link and renews the expiry, also of an invitation that has expired', async (t) => {
  const { workspaceId, ownerId, link } = await invited();
  const nextWeek = after(NOON, WEEK);
  await t.rejects(acceptAt(link, nextWeek), { code: 'invitation-expired' });
  const context = contextOf(ownerId, nextWeek);
  const { state } = await invitations.resend(workspaceId, ownerId, link.invitationId, context, 3_600);
  t.strictSame(linkOf({ state }), { ...link, issue: 2 });
  t.equal(state.invitation?.expiresAt, after(nextWeek, 3_600));
  await t.rejects(acceptAt(link, nextWeek), { code: 'invitation-superseded' });
  t.equal((await acceptAt(linkOf({ state }), nextWeek)).state.status, 'active');
});

t.test('only invitations of the workspace are resent and revoked', async (t) => {
  const { link } = await invited();
  const { workspaceId, ownerId } = await foundWorkspace('other@example.com');
  for (const invitationId of [link.invitationId, 'nonsense', `${workspaceId}.${ines.userId}.1`]) {
    await t.rejects(invitations.resend(workspaceId, ownerId, invitationId, contextOf(ownerId)), {
      code: 'invitation-not-found',
    });
    await t.rejects(invitations.revoke(workspaceId, ownerId, invitationId, contextOf(ownerId)), {
      code: 'invitation-not-found',
    });
  }
});

t.test('whoever accepts is in; of two who click at once, one is told that it was done', async (t) => {
  const { stream, link } = await invited();
  const clicks = await Promise.allSettled([acceptAt(link, NOON), acceptAt(link, NOON)]);
  t.strictSame(clicks.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const types = await eventTypes(stream);
  t.equal(types.filter((type) => type === 'InvitationAccepted').length, 1);
});

t.test('a refusal is recorded once, however often the link is tried', async (t) => {
  const { workspaceId, ownerId, stream, link } = await invited();
  await invitations.revoke(workspaceId, ownerId, link.invitationId, contextOf(ownerId));
  for (let i = 0; i < 3; i++) await t.rejects(acceptAt(link, NOON), { code: 'invitation-revoked' });
  t.strictSame(await eventTypes(stream), ['UserInvited', 'InvitationRevoked', 'InvitationAcceptanceRefused']);
});

t.test('somebody signed in as somebody else is turned away, and that is recorded once', async (t) => {
  const { stream, link } = await invited();
  const other = person('other@example.com');
  for (let i = 0; i < 2; i++) {
    await t.rejects(links.refuseOtherAccount(link, contextOf(other)), { code: 'wrong-account' });
  }
  t.strictSame(await eventTypes(stream), ['UserInvited', 'InvitationAcceptanceRefused']);
  t.equal((await acceptAt(link, NOON)).state.status, 'active');
});

t.test('whoever declines has declined for good', async (t) => {
  const { stream, link } = await invited();
  await links.decline(link, contextOf(ines.userId, NOON));
  t.strictSame((await links.decline(link, contextOf(ines.userId, NOON))).written, []);
  await t.rejects(acceptAt(link, NOON), { code: 'invitation-declined' });
  t.strictSame(await eventTypes(stream), ['UserInvited', 'InvitationDeclined', 'InvitationAcceptanceRefused']);
});

t.test('an invitation is void while its voucher may not invite, and good when another sends it again', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const byAda = await invitations.invite(workspaceId, ada, ines, contextOf(ada, NOON));
  const link = linkOf(byAda);
  await members.changePermission(workspaceId, ownerId, ada, 'developer', contextOf(ownerId));
  t.equal((await links.view(link, NOON)).obstacle, 'inviter-not-allowed');
  await t.rejects(acceptAt(link, NOON), { code: 'inviter-not-allowed' });

  const { state } = await invitations.resend(workspaceId, ownerId, link.invitationId, contextOf(ownerId, NOON));
  t.equal((await links.view(linkOf({ state }), NOON)).obstacle, undefined);
  t.equal((await acceptAt(linkOf({ state }), NOON)).state.status, 'active');
});

t.test('whoever holds a link sees the workspace, the inviter and their own account', async (t) => {
  const { link, workspaceId } = await invited();
  const before = await links.view(link, NOON);
  t.match(before, {
    workspaceId,
    userId: ines.userId,
    workspace: { name: 'Acme' },
    inviter: { name: 'Olivia Owner' },
    invitee: { status: 'none' },
  });
  await core.accounts.register(ines.userId, { email: EMAIL, name: 'Ines' }, contextOf(ines.userId));
  t.match((await links.view(link, NOON)).invitee, { name: 'Ines' });
  t.strictSame(await eventTypes(accountStream(ines.userId)), ['AccountRegistered']);
});

t.test('there is no view of what was never issued', async (t) => {
  const { workspaceId } = await foundWorkspace();
  for (const invitationId of ['nonsense', `${workspaceId}.${ines.userId}.1`, `${core.newId()}.${ines.userId}.1`]) {
    await t.rejects(links.view({ invitationId, issue: 1 }, NOON), { code: 'invitation-not-found' });
  }
});

t.test('those who act by their session use the newest issue of an invitation of theirs', async (t) => {
  const { workspaceId, ownerId, link } = await invited();
  await invitations.resend(workspaceId, ownerId, link.invitationId, contextOf(ownerId));
  t.strictSame(await links.newestIssue(link.invitationId, ines.userId), { ...link, issue: 2 });
  await t.rejects(links.newestIssue(link.invitationId, ownerId), { code: 'invitation-not-found' });
});
