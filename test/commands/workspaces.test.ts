import t from 'tap';

import { LIFETIME } from '../../src/domain/lifetime.js';
import { membership } from '../../src/domain/membership/membership.js';
import { membershipStream, workspaceStream } from '../../src/domain/streams.js';
import { EVERY_DOMAIN } from '../../src/domain/workspace/invitation-domains.js';
import { contextOf, openTestCore } from '../support/core.js';

const { core, foundWorkspace, join, person, eventTypes } = await openTestCore(t);
const { workspaces } = core;

t.test('the founder of a workspace is in it as its owner', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  t.strictSame(await eventTypes(workspaceStream(workspaceId)), ['WorkspaceCreated']);
  t.strictSame(await eventTypes(membershipStream({ workspaceId, userId: ownerId })), ['FounderJoined']);
});

t.test('a workspace without a proper name is not founded, and nobody joins it', async (t) => {
  const workspaceId = core.newId();
  const userId = person('founder@example.com');
  const founder = { userId, email: 'founder@example.com', name: 'Fay' };
  await t.rejects(workspaces.create(workspaceId, ' ', founder, contextOf(userId)), { code: 'invalid-name' });
  await t.rejects(workspaces.create(workspaceId, 'Acme', { ...founder, name: ' ' }, contextOf(userId)), {
    code: 'invalid-name',
  });
  t.strictSame(await eventTypes(workspaceStream(workspaceId)), []);
  t.strictSame(await eventTypes(membershipStream({ workspaceId, userId })), []);
});

t.test('a founding that was cut off after its first step is finished when it is sent again', async (t) => {
  const workspaceId = core.newId();
  const userId = person('founder@example.com');
  const founder = { userId, email: 'founder@example.com', name: 'Fay' };
  const context = contextOf(userId);
  const stream = membershipStream({ workspaceId, userId });
  const firstStep = { type: 'FoundMembership', email: founder.email, name: founder.name } as const;
  await core.aggregates.execute(membership, stream, firstStep, context);
  const { state } = await workspaces.create(workspaceId, 'Acme', founder, context);
  t.match(state, { status: 'open', name: 'Acme', ownerId: userId });
  t.strictSame(await eventTypes(stream), ['FounderJoined']);
});

t.test(
  'the owner and administrators change name, lifetime and reminders together; what stays the same is no event',
  async (t) => {
    const founded = await foundWorkspace();
    const { workspaceId, ownerId } = founded;
    const administrator = await join(founded, 'ada@example.com', 'administrator');
    const day = 24 * 60 * 60;
    const changes = { name: ' Acme 2 ', invitationLifetimeSeconds: day, reminders: { isOn: false } };
    const { state } = await workspaces.change(workspaceId, administrator, changes, contextOf(administrator));
    const reminders = { isOn: false, afterSeconds: 3 * day };
    const settings = { lifetimeSeconds: day, reminders, domains: EVERY_DOMAIN };
    t.strictSame(state, { status: 'open', name: 'Acme 2', ownerId, transfers: 0, ...settings });
    const same = await workspaces.change(workspaceId, ownerId, changes, contextOf(ownerId));
    t.strictSame(same.written, []);
    t.strictSame(await eventTypes(workspaceStream(workspaceId)), [
      'WorkspaceCreated',
      'WorkspaceRenamed',
      'InvitationLifetimeChanged',
      'InvitationRemindersChanged',
    ]);
  },
);

t.test('of two changes in one call, both are made or none', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const changes = { name: 'Better', invitationLifetimeSeconds: LIFETIME.longest + 1 };
  await t.rejects(workspaces.change(workspaceId, ownerId, changes, contextOf(ownerId)), { code: 'invalid-lifetime' });
  t.strictSame(await eventTypes(workspaceStream(workspaceId)), ['WorkspaceCreated']);
});

t.test('two changes at the same time are both made', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  await Promise.all([
    workspaces.change(workspaceId, ownerId, { name: 'Renamed' }, contextOf(ownerId)),
    workspaces.change(workspaceId, ownerId, { invitationLifetimeSeconds: LIFETIME.shortest }, contextOf(ownerId)),
  ]);
  const { state } = await workspaces.change(workspaceId, ownerId, {}, contextOf(ownerId));
  t.match(state, { name: 'Renamed', lifetimeSeconds: LIFETIME.shortest });
});

t.test('developers may not change a workspace, and strangers do not learn that it exists', async (t) => {
  const founded = await foundWorkspace();
  const developer = await join(founded, 'dev@example.com', 'developer');
  const stranger = person('stranger@example.com');
  const rename = (actor: string, workspaceId = founded.workspaceId) =>
    workspaces.change(workspaceId, actor, { name: 'Mine' }, contextOf(actor));
  await t.rejects(rename(developer), { code: 'not-allowed' });
  await t.rejects(rename(stranger), { code: 'workspace-not-found' });
  await t.rejects(rename(founded.ownerId, core.newId()), { code: 'workspace-not-found' });
});

t.test('a new lifetime counts for the next invitation', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  await workspaces.change(workspaceId, ownerId, { invitationLifetimeSeconds: 7_200 }, contextOf(ownerId));
  const { state } = await core.invitations.invite(
    workspaceId,
    ownerId,
    { userId: person('new@example.com'), email: 'new@example.com', role: 'developer' },
    contextOf(ownerId, '2030-01-01T00:00:00.000Z'),
  );
  t.equal(state.invitation?.expiresAt, '2030-01-01T02:00:00.000Z');
});

t.test('an account is registered once, and renamed only if it is there', async (t) => {
  const userId = person('nina@example.com');
  await t.rejects(core.accounts.change(userId, { name: 'Nina' }, contextOf(userId)), { code: 'user-not-found' });
  const registrations = await Promise.all(
    ['Nina', 'Nora'].map((name) =>
      core.accounts.register(userId, { email: 'nina@example.com', name }, contextOf(userId)),
    ),
  );
  t.equal(registrations.filter(({ written }) => written.length > 0).length, 1);
  await core.accounts.change(userId, { name: 'Nadia' }, contextOf(userId));
  t.match(await core.accounts.read(userId), { status: 'registered', email: 'nina@example.com', name: 'Nadia' });
});
