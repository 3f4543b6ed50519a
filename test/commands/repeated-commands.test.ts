import t from 'tap';

import { accountStream, membershipStream, workspaceStream } from '../../src/domain/streams.js';
import { contextOf, linkOf, openTestCore } from '../support/core.js';

/** A process that dies after its append and before its answer leaves exactly this: the command comes again. */

const { core, foundWorkspace, join, person, invitee } = await openTestCore(t);
const { accounts, invitations, links, members, workspaces } = core;
const ines = invitee('ines@example.com');

type Tap = typeof t;

interface Answer {
  readonly written: readonly { readonly id: string }[];
}

/** Sends a command twice, with something happening in between, and compares the answers and the log. */
async function answersTheSame(
  t: Pick<Tap, 'ok' | 'strictSame'>,
  stream: string,
  send: () => Promise<Answer>,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<void> {
  const first = await send();
  t.ok(first.written.length > 0, 'the first did something');
  await meanwhile();
  const before = (await core.store.readStream(stream)).events;
  const again = await send();
  t.strictSame(
    again.written.map(({ id }) => id),
    first.written.map(({ id }) => id),
  );
  t.strictSame((await core.store.readStream(stream)).events, before);
}

t.test('an invitation, though it was accepted meanwhile', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const stream = membershipStream({ workspaceId, userId: ines.userId });
  const context = contextOf(ownerId);
  await answersTheSame(
    t,
    stream,
    () => invitations.invite(workspaceId, ownerId, ines, context),
    () => links.accept({ invitationId: `${stream.slice(11)}.1`, issue: 1 }, 'Ines', contextOf(ines.userId)),
  );
});

t.test('an invitation, though whoever sent it may not invite any more', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const stream = membershipStream({ workspaceId, userId: ines.userId });
  const context = contextOf(ada);
  await answersTheSame(
    t,
    stream,
    () => invitations.invite(workspaceId, ada, ines, context),
    () => members.changePermission(workspaceId, ownerId, ada, 'developer', contextOf(ownerId)),
  );
});

t.test('a second invitation of the same address, though it was revoked meanwhile', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const stream = membershipStream({ workspaceId, userId: ines.userId });
  const first = await invitations.invite(workspaceId, ownerId, ines, contextOf(ownerId));
  await invitations.revoke(workspaceId, ownerId, linkOf(first).invitationId, contextOf(ownerId));
  const context = contextOf(ownerId);
  await answersTheSame(
    t,
    stream,
    () => invitations.invite(workspaceId, ownerId, ines, context),
    () => invitations.revoke(workspaceId, ownerId, `${stream.slice(11)}.2`, contextOf(ownerId)),
  );
});

t.test('a resend, though another one followed', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const invited = await invitations.invite(workspaceId, ownerId, ines, contextOf(ownerId));
  const { invitationId } = linkOf(invited);
  const context = contextOf(ownerId);
  await answersTheSame(
    t,
    membershipStream({ workspaceId, userId: ines.userId }),
    () => invitations.resend(workspaceId, ownerId, invitationId, context),
    () => invitations.resend(workspaceId, ownerId, invitationId, contextOf(ownerId)),
  );
});

t.test('an acceptance, though the person was removed meanwhile', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const link = linkOf(await invitations.invite(workspaceId, ownerId, ines, contextOf(ownerId)));
  const context = contextOf(ines.userId);
  await answersTheSame(
    t,
    membershipStream({ workspaceId, userId: ines.userId }),
    () => links.accept(link, 'Ines', context),
    () => members.remove(workspaceId, ownerId, ines.userId, contextOf(ownerId)),
  );
});

t.test('a refusal tells the same reason, though another would hold now', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const link = linkOf(await invitations.invite(workspaceId, ada, ines, contextOf(ada)));
  await members.remove(workspaceId, ownerId, ada, contextOf(ownerId));
  const context = contextOf(ines.userId);
  await t.rejects(links.accept(link, 'Ines', context), { code: 'inviter-not-allowed' });
  await invitations.resend(workspaceId, ownerId, link.invitationId, contextOf(ownerId));
  await t.rejects(links.accept(link, 'Ines', context), { code: 'inviter-not-allowed' });
});

t.test('leaving, though whoever left is nobody there any more', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId } = founded;
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const context = contextOf(ada);
  const stream = membershipStream({ workspaceId, userId: ada });
  await answersTheSame(t, stream, () => members.remove(workspaceId, ada, ada, context));
  await t.rejects(members.remove(workspaceId, ada, ada, contextOf(ada)), { code: 'workspace-not-found' });
});

t.test('an administrator giving up their own permission', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId } = founded;
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const context = contextOf(ada);
  await answersTheSame(t, membershipStream({ workspaceId, userId: ada }), () =>
    members.changePermission(workspaceId, ada, ada, 'developer', context),
  );
});

t.test('a removal, a founding, a change of settings, a registration', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const removing = contextOf(ownerId);
  await answersTheSame(t, membershipStream({ workspaceId, userId: ada }), () =>
    members.remove(workspaceId, ownerId, ada, removing),
  );
  const changing = contextOf(ownerId);
  await answersTheSame(
    t,
    workspaceStream(workspaceId),
    () => workspaces.change(workspaceId, ownerId, { name: 'Second', invitationLifetimeSeconds: 3_600 }, changing),
    () => workspaces.change(workspaceId, ownerId, { name: 'Third' }, contextOf(ownerId)),
  );
  const other = core.newId();
  const founder = { userId: ownerId, email: 'owner@example.com', name: 'Olivia' };
  const founding = contextOf(ownerId);
  await answersTheSame(t, workspaceStream(other), () => workspaces.create(other, 'Other', founder, founding));
  const nina = person('nina@example.com');
  const registering = contextOf(nina);
  await answersTheSame(t, accountStream(nina), () =>
    accounts.register(nina, { email: 'nina@example.com', name: 'Nina' }, registering),
  );
});

t.test('the transfer of an ownership', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const heir = await join(founded, 'heir@example.com', 'developer');
  const context = contextOf(ownerId);
  await answersTheSame(t, workspaceStream(workspaceId), () =>
    workspaces.transferOwnership(workspaceId, ownerId, heir, context),
  );
});
