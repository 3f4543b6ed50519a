import t from 'tap';

import { Throttled } from '../../src/commands/allowance.js';
import type { InviteResult } from '../../src/commands/invite-many.js';
import type { ThrottleLimits } from '../../src/database/throttles.js';
import { membershipStream } from '../../src/domain/streams.js';
import { contextOf, openTestCore } from '../support/core.js';

async function opened(test: Parameters<typeof openTestCore>[0], limits: Partial<ThrottleLimits>) {
  const testCore = await openTestCore(test, { limits: { newWorkspaceDays: 7, ...limits } });
  const founded = await testCore.foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const { core, invitee } = testCore;
  return {
    ...testCore,
    ...founded,
    founded,
    invite: (email: string, context = contextOf(ownerId)) =>
      core.invitations.invite(workspaceId, ownerId, invitee(email), context),
    inviteMany: (emails: readonly string[], context = contextOf(ownerId)) =>
      core.inviteMany.invite(
        workspaceId,
        ownerId,
        emails.map((email) => invitee(email)),
        context,
      ),
    /** How many mails have been counted of the owner. */
    async spent(): Promise<number> {
      const { rows } = await core.pool.query('select used from mail.throttles where key = $1', [`by:${ownerId}`]);
      return rows[0]?.used ?? 0;
    },
  };
}

const people = (count: number, name = 'person') =>
  Array.from({ length: count }, (_, index) => `${name}${index}@example.com`);
const outcomesOf = (results: readonly InviteResult[]) =>
  results.map((result) => (result.status === 'refused' ? result.error.code : result.status));

t.test('inviting, sending again and correcting are counted; whom nothing is written for is not', async (t) => {
  const { invite, core, founded, ownerId, workspaceId, join, person, spent } = await opened(t, { perInviter: 100 });
  const { state, allowance } = await invite('ana@example.com');
  t.match(allowance, { inviter: { limit: 100, remaining: 99 } });
  const id = state.invitation?.id ?? '';
  t.match((await core.invitations.resend(workspaceId, ownerId, id, contextOf(ownerId))).allowance, {
    inviter: { remaining: 98 },
  });
  const to = { userId: person('anna@example.com'), email: 'anna@example.com' };
  const { allowance: left } = await core.corrections.correct(workspaceId, ownerId, id, to, contextOf(ownerId));
  t.match(left, { inviter: { remaining: 97 } });

  await t.rejects(invite('anna@example.com'), { code: 'already-invited' });
  await t.rejects(
    core.corrections.correct(workspaceId, ownerId, id, to, contextOf(ownerId)).then(() => invite('ANNA@example.com')),
    {
      code: 'already-invited',
    },
  );
  t.equal(await spent(), 3);

  const developer = await join(founded, 'dev@example.com', 'developer');
  const byDeveloper = core.invitations.invite(
    workspaceId,
    developer,
    { userId: person('b@example.com'), email: 'b@example.com', role: 'developer' },
    contextOf(developer),
  );
  await t.rejects(byDeveloper, { code: 'not-allowed' });
  const { rows } = await core.pool.query('select key from mail.throttles where key = $1', [`by:${developer}`]);
  t.strictSame(rows, [], 'who may not invite spends nothing');
});

t.test('past a limit it is said which, and when it is possible again', async (t) => {
  const { invite, core, workspaceId, ownerId, eventTypes, person } = await opened(t, { perInviter: 1 });
  const { state } = await invite('ana@example.com');
  const error = await invite('ben@example.com').catch((reason: unknown) => reason);
  t.ok(error instanceof Throttled);
  if (!(error instanceof Throttled)) return;
  t.match(error, { code: 'throttled', limit: 'inviter', standing: { inviter: { limit: 1, remaining: 0 } } });
  t.ok(error.possibleAt > new Date().toISOString() && error.waitSeconds > 0);
  t.strictSame(await eventTypes(membershipStream({ workspaceId, userId: person('ben@example.com') })), []);
  await t.rejects(core.invitations.resend(workspaceId, ownerId, state.invitation?.id ?? '', contextOf(ownerId)), {
    code: 'throttled',
  });
  await t.rejects(invite('ana@example.com'), { code: 'already-invited' }, 'what is so anyway is said first');
});

t.test('of a batch in a new workspace, the first ones are invited and the others told when', async (t) => {
  const { inviteMany, spent } = await opened(t, { perWorkspace: 100, perNewWorkspace: 5 });
  const { results, allowance } = await inviteMany(people(8));
  t.strictSame(outcomesOf(results), [...Array(5).fill('invited'), ...Array(3).fill('throttled')]);
  t.match(allowance, { workspace: { limit: 5, remaining: 0 } });
  t.equal(await spent(), 5);
});

t.test('who turns out to be known costs nothing', async (t) => {
  const { inviteMany, invite, spent } = await opened(t, { perInviter: 10 });
  for (const email of people(3, 'known')) await invite(email);
  const { results, allowance } = await inviteMany([...people(3, 'known'), ...people(4, 'new')]);
  t.strictSame(outcomesOf(results), [...Array(3).fill('already-invited'), ...Array(4).fill('invited')]);
  t.match(allowance, { inviter: { remaining: 3 } });
  t.equal(await spent(), 7);
  const { results: more } = await inviteMany([...people(4, 'more'), ...people(3, 'known')]);
  t.strictSame(
    outcomesOf(more),
    [...Array(3).fill('invited'), 'throttled', ...Array(3).fill('already-invited')],
    'and is told so though nothing is left',
  );
});

t.test('sent again after it was cut off, a command is not counted twice', async (t) => {
  const { invite, inviteMany, ownerId, spent } = await opened(t, { perInviter: 5 });
  const one = contextOf(ownerId);
  await invite('ana@example.com', one);
  await invite('ana@example.com', { ...one, isRepeat: true });
  const many = contextOf(ownerId);
  await inviteMany(people(3), many);
  t.equal(await spent(), 4);
  const { results } = await inviteMany(people(6), { ...many, isRepeat: true });
  t.strictSame(outcomesOf(results), [...Array(4).fill('invited'), 'throttled', 'throttled']);
  t.equal(await spent(), 5);
});

t.test('a recipient is protected from all workspaces together, and each leaves room for the others', async (t) => {
  const { core, invite, invitee, foundWorkspace, workspaceId, ownerId } = await opened(t, {
    perRecipient: 3,
    perRecipientInWorkspace: 2,
  });
  const { state } = await invite('victim@example.com');
  const again = () => core.invitations.resend(workspaceId, ownerId, state.invitation?.id ?? '', contextOf(ownerId));
  await again();
  await t.rejects(again(), { code: 'throttled', limit: 'recipient' });
  const inviteFrom = async (email: string) => {
    const other = await foundWorkspace(email);
    return core.invitations.invite(
      other.workspaceId,
      other.ownerId,
      invitee('victim@example.com'),
      contextOf(other.ownerId),
    );
  };
  await inviteFrom('b@example.com');
  await t.rejects(inviteFrom('c@example.com'), { code: 'throttled', limit: 'recipient' });
});

t.test('many at once never get more than there is', async (t) => {
  const { invite, spent } = await opened(t, { perInviter: 10 });
  const settled = await Promise.allSettled(people(25).map((email) => invite(email)));
  t.equal(settled.filter(({ status }) => status === 'fulfilled').length, 10);
  t.equal(await spent(), 10);
});

t.test('withdrawing and inviting again does not shorten the pause', async (t) => {
  const { core, foundWorkspace, invitee } = await openTestCore(t, { resendPauseSeconds: 60 });
  const { workspaceId, ownerId } = await foundWorkspace();
  const at = (second: number) => contextOf(ownerId, new Date(Date.UTC(2030, 0, 1, 12, 0, second)).toISOString());
  const ana = invitee('ana@example.com');
  const { state } = await core.invitations.invite(workspaceId, ownerId, ana, at(0));
  await core.invitations.revoke(workspaceId, ownerId, state.invitation?.id ?? '', at(1));
  const tooSoon = { code: 'resend-too-soon', possibleAt: '2030-01-01T12:01:00.000Z', waitSeconds: 58 };
  await t.rejects(core.invitations.invite(workspaceId, ownerId, ana, at(2)), tooSoon);
  const { results } = await core.inviteMany.invite(workspaceId, ownerId, [ana], at(2));
  t.match(results, [{ status: 'refused', error: tooSoon }]);
  const later = await core.invitations.invite(workspaceId, ownerId, ana, at(60));
  t.equal(later.state.timesInvited, 2);
});
