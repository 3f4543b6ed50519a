import t from 'tap';

import { readStanding } from '../../src/commands/authority.js';
import { membership } from '../../src/domain/membership/membership.js';
import { membershipStream, workspaceStream } from '../../src/domain/streams.js';
import { workspace } from '../../src/domain/workspace/workspace.js';
import { contextOf, type Founded, openTestCore } from '../support/core.js';

const { core, foundWorkspace, join, person } = await openTestCore(t);
const { workspaces, members } = core;

const ROUNDS = 8;

/** A workspace with an owner, an administrator and two developers. */
async function crowd() {
  const founded = await foundWorkspace();
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const bo = await join(founded, 'bo@example.com', 'developer');
  const cy = await join(founded, 'cy@example.com', 'developer');
  return { founded, ...founded, ada, bo, cy };
}

/** What each person is by the log, undefined for those who are not in. */
async function rolesOf({ workspaceId }: Founded, ...userIds: string[]) {
  return Promise.all(
    userIds.map((userId) =>
      readStanding(core.aggregates, workspaceId, userId).then(
        ({ role }) => role,
        () => undefined,
      ),
    ),
  );
}

/** The roles as the membership streams have them by themselves, where nothing may be left half done. */
async function recordedRoles({ workspaceId }: Founded, ...userIds: string[]) {
  const reads = await core.store.readStreams(userIds.map((userId) => membershipStream({ workspaceId, userId })));
  return reads.map(
    ({ events }) =>
      events.reduce(
        (state, { type, data }) => membership.evolve(state, { type, data } as never),
        membership.initialState,
      ).role,
  );
}

const settle = (workspaceId: string, heir: string) => workspaces.settleOwnership(workspaceId, heir, contextOf(heir));
const codeOf = (attempt: PromiseSettledResult<unknown>) =>
  attempt.status === 'fulfilled' ? 'done' : attempt.reason.code;

t.test('the owner hands the workspace over and becomes an administrator', async (t) => {
  const { founded, workspaceId, ownerId, bo } = await crowd();
  const { state } = await workspaces.transferOwnership(workspaceId, ownerId, bo, contextOf(ownerId));
  t.match(state, { ownerId: bo, transfers: 1 });
  t.strictSame(await recordedRoles(founded, ownerId, bo), ['administrator', 'owner']);
  await workspaces.transferOwnership(workspaceId, bo, ownerId, contextOf(bo));
  t.strictSame(await recordedRoles(founded, ownerId, bo), ['owner', 'administrator']);
});

t.test('only the owner transfers, and only to somebody who is in', async (t) => {
  const { founded, workspaceId, ownerId, ada, bo } = await crowd();
  const transfer = (from: string, to: string) => workspaces.transferOwnership(workspaceId, from, to, contextOf(from));
  const waiting = person('waiting@example.com');
  const invitee = { userId: waiting, email: 'waiting@example.com', role: 'developer' } as const;
  await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId));
  await t.rejects(transfer(ada, bo), { code: 'owner-required' });
  await t.rejects(transfer(person('stranger@example.com'), bo), { code: 'workspace-not-found' });
  await t.rejects(transfer(ownerId, person('stranger@example.com')), { code: 'user-not-found' });
  await t.rejects(transfer(ownerId, waiting), { code: 'not-active' });
  t.strictSame((await transfer(ownerId, ownerId)).written, []);
  t.strictSame(await recordedRoles(founded, ownerId, ada, bo), ['owner', 'administrator', 'developer']);
});

t.test('a transfer that is cut off is carried on, from whichever step', async (t) => {
  for (const steps of [1, 2, 3]) {
    const { founded, workspaceId, ownerId, bo } = await crowd();
    const context = contextOf(ownerId);
    const heirStream = membershipStream({ workspaceId, userId: bo });
    await core.aggregates.execute(
      membership,
      heirStream,
      { type: 'AssumeOwnership', from: ownerId, ordinal: 1 },
      context,
    );
    if (steps >= 2) {
      const handOver = { type: 'TransferOwnership', from: ownerId, to: bo, ordinal: 1 } as const;
      await core.aggregates.execute(workspace, workspaceStream(workspaceId), handOver, context);
    }
    if (steps === 3) await workspaces.transferOwnership(workspaceId, ownerId, bo, context);
    t.strictSame(
      await rolesOf(founded, ownerId, bo),
      steps === 1 ? ['owner', 'administrator'] : ['administrator', 'owner'],
      `there is one owner after step ${steps}`,
    );
    await settle(workspaceId, bo);
    t.strictSame(await recordedRoles(founded, ownerId, bo), ['administrator', 'owner']);
    const head = await core.store.head();
    await settle(workspaceId, bo);
    t.equal(await core.store.head(), head, 'what is settled stays as it is');
  }
});

t.test('the heir of a transfer under way can be neither removed nor demoted, and cannot leave', async (t) => {
  const { workspaceId, ownerId, ada, bo } = await crowd();
  const assume = { type: 'AssumeOwnership', from: ownerId, ordinal: 1 } as const;
  await core.aggregates.execute(membership, membershipStream({ workspaceId, userId: bo }), assume, contextOf(ownerId));
  await t.rejects(members.remove(workspaceId, ada, bo, contextOf(ada)), { code: 'owner-required' });
  await t.rejects(members.remove(workspaceId, bo, bo, contextOf(bo)), { code: 'owner-required' });
  await t.rejects(members.changePermission(workspaceId, ada, bo, 'developer', contextOf(ada)), {
    code: 'owner-required',
  });
});

t.test('of two transfers at once, one wins, and settling takes the other heir back', async (t) => {
  for (let round = 0; round < ROUNDS; round++) {
    const { founded, workspaceId, ownerId, bo, cy } = await crowd();
    const attempts = await Promise.allSettled(
      [bo, cy].map((heir) => workspaces.transferOwnership(workspaceId, ownerId, heir, contextOf(ownerId))),
    );
    t.strictSame(attempts.map(codeOf).sort(), ['done', 'owner-required']);
    await Promise.all([settle(workspaceId, bo), settle(workspaceId, cy)]);
    const roles = await recordedRoles(founded, ownerId, bo, cy);
    t.equal(roles.filter((role) => role === 'owner').length, 1);
    t.equal(roles[0], 'administrator');
    t.ok(roles.includes('developer'), 'the other heir is what they were before');
    t.strictSame(await rolesOf(founded, ownerId, bo, cy), roles, 'nothing is left half done');
  }
});

t.test('a transfer that races with the removal of the heir leaves an owner, whichever is first', async (t) => {
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const { founded, workspaceId, ownerId, ada, bo } = await crowd();
    const transfer = () => workspaces.transferOwnership(workspaceId, ownerId, bo, contextOf(ownerId));
    const removal = () => members.remove(workspaceId, ada, bo, contextOf(ada));
    const [first, second] = round % 2 === 0 ? [transfer, removal] : [removal, transfer];
    const settled = await Promise.allSettled([first(), second()]);
    const [transferred, removed] = round % 2 === 0 ? settled : [...settled].reverse();
    const outcome = [transferred, removed].map((attempt) => codeOf(attempt as PromiseSettledResult<unknown>));
    seen.add(outcome.join());
    await settle(workspaceId, bo);
    t.strictSame(
      await rolesOf(founded, ownerId, bo),
      outcome[0] === 'done' ? ['administrator', 'owner'] : ['owner', undefined],
    );
  }
  for (const outcome of seen) t.ok(['done,owner-required', 'not-active,done'].includes(outcome), outcome);
});

t.test('a chain of transfers ends with one owner, however late the older ones are settled', async (t) => {
  const { founded, workspaceId, ownerId, bo, cy } = await crowd();
  await workspaces.transferOwnership(workspaceId, ownerId, bo, contextOf(ownerId));
  await workspaces.transferOwnership(workspaceId, bo, cy, contextOf(bo));
  await workspaces.transferOwnership(workspaceId, cy, bo, contextOf(cy));
  for (const heir of [bo, cy, bo]) await settle(workspaceId, heir);
  t.strictSame(await recordedRoles(founded, ownerId, bo, cy), ['administrator', 'owner', 'administrator']);
});

t.test('there is nothing to settle where there is no workspace or no succession', async (t) => {
  const { workspaceId, ownerId, ada } = await crowd();
  const head = await core.store.head();
  await settle(core.newId(), ada);
  await settle(workspaceId, ada);
  await settle(workspaceId, ownerId);
  t.equal(await core.store.head(), head);
});
