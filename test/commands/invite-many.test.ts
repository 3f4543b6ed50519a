import t from 'tap';

import type { Invitee } from '../../src/commands/invitations.js';
import type { InviteResult } from '../../src/commands/invite-many.js';
import { membershipStream } from '../../src/domain/streams.js';
import { START } from '../../src/event-store/event-store.js';
import { contextOf, linkOf, openTestCore } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';

const { core, foundWorkspace, join, person, invitee } = await openTestCore(t);
const { invitations, links, inviteMany, members } = core;

const people = (name: string, count: number): Invitee[] =>
  Array.from({ length: count }, (_, index) => invitee(`${name}${index}@example.com`));

const outcomes = (results: readonly InviteResult[]): string[] =>
  results.map((result) => (result.status === 'refused' ? result.error.code : result.status));

const isInvited = (result: InviteResult) => result.status === 'invited';

t.test('of 500 people, each gets the answer of their own, in order', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const waiting = people('waiting', 100);
  const active = people('active', 50);
  const removed = people('removed', 50);
  await Promise.all(
    [...waiting, ...active, ...removed].map(async (person) => {
      const outcome = await invitations.invite(workspaceId, ownerId, person, contextOf(ownerId));
      if (waiting.includes(person)) return;
      await links.accept(linkOf(outcome), 'Somebody', contextOf(person.userId));
      if (removed.includes(person)) await members.remove(workspaceId, ownerId, person.userId, contextOf(ownerId));
    }),
  );
  const fresh = people('fresh', 300);
  const everybody = [...fresh, ...waiting, ...active, ...removed].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const { results, position } = await inviteMany.invite(workspaceId, ownerId, everybody, contextOf(ownerId));
  const expected = (person: Invitee) => {
    if (waiting.includes(person)) return 'already-invited';
    return active.includes(person) ? 'already-member' : 'invited';
  };
  t.strictSame(outcomes(results), everybody.map(expected));
  t.equal(position, await core.store.head());
  const lineage = results.flatMap((result, index) =>
    result.status === 'invited' && removed.includes(everybody[index] as Invitee)
      ? [result.outcome.state.timesInvited]
      : [],
  );
  t.strictSame(lineage, Array(50).fill(2));
});

t.test('a bad line costs no good one', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const [first, second] = people('line', 2) as [Invitee, Invitee];
  const impossible = { ...first, lifetimeSeconds: 1 };
  const { results } = await inviteMany.invite(workspaceId, ownerId, [impossible, second], contextOf(ownerId));
  t.strictSame(outcomes(results), ['invalid-lifetime', 'invited']);
});

t.test('nobody to invite is nothing to do', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  t.strictSame(await inviteMany.invite(workspaceId, ownerId, [], contextOf(ownerId)), { results: [], position: START });
});

t.test('nobody is invited by those who may not', async (t) => {
  const founded = await foundWorkspace();
  const { workspaceId } = founded;
  const developer = await join(founded, 'dev@example.com', 'developer');
  const before = await core.store.head();
  const invite = (actor: string) => inviteMany.invite(workspaceId, actor, people('friend', 3), contextOf(actor));
  await t.rejects(invite(developer), { code: 'not-allowed' });
  await t.rejects(invite(person('stranger@example.com')), { code: 'workspace-not-found' });
  t.equal(await core.store.head(), before);
});

t.test('sent again after half of it was written, it answers as one and invites nobody twice', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const everybody = people('batch', 40);
  const context = contextOf(ownerId);
  const half = everybody.filter((_, index) => index % 2 === 0);
  const cutOff = await inviteMany.invite(workspaceId, ownerId, half, context);
  // The first mails are under way already, and one of the first has accepted: their streams have gone on.
  const [mailed, accepted] = cutOff.results.map((result) => {
    if (result.status !== 'invited') throw new Error('it was refused');
    return linkOf(result.outcome);
  });
  if (!mailed || !accepted) throw new Error('nobody was invited');
  await core.emails.begin(mailed, '<first@example.com>', anyMail, contextOf(ownerId));
  await links.accept(accepted, 'Bea', contextOf(ownerId));

  const whole = await inviteMany.invite(workspaceId, ownerId, everybody, context);
  t.ok(whole.results.every(isInvited));
  const head = await core.store.head();
  const again = await inviteMany.invite(workspaceId, ownerId, everybody, context);
  t.strictSame(outcomes(again.results), outcomes(whole.results));
  t.equal(await core.store.head(), head, 'nothing was appended');
  for (const { userId } of everybody) {
    const { events } = await core.store.readStream(membershipStream({ workspaceId, userId }));
    t.equal(events.filter(({ type }) => type === 'UserInvited').length, 1);
  }
});

t.test('two batches with people in common invite each of them once', async (t) => {
  const { workspaceId, ownerId } = await foundWorkspace();
  const everybody = people('common', 60);
  const batches = await Promise.all(
    [everybody, [...everybody].reverse()].map((batch) =>
      inviteMany.invite(workspaceId, ownerId, batch, contextOf(ownerId)),
    ),
  );
  const answers = batches.flatMap(({ results }) => outcomes(results)).sort();
  t.strictSame(answers, [...Array(60).fill('already-invited'), ...Array(60).fill('invited')]);
});
