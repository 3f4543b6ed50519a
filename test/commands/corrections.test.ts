import t from 'tap';

import { AggregateStore } from '../../src/commands/aggregate-store.js';
import { Corrections } from '../../src/commands/corrections.js';
import { after } from '../../src/domain/lifetime.js';
import { membershipStream } from '../../src/domain/streams.js';
import { type EventStore, EventStoreUnavailable } from '../../src/event-store/event-store.js';
import { contextOf, linkOf, openTestCore } from '../support/core.js';

const { core, foundWorkspace, join, person, invitee, eventTypes } = await openTestCore(t);
const { invitations, links, members, corrections } = core;

const NOON = '2030-01-01T12:00:00.000Z';
const ONE = '2030-01-01T13:00:00.000Z';
const WEEK = 7 * 24 * 60 * 60;
const RIGHT = { userId: person('ines@example.com'), email: 'ines@example.com' };
const WRONG = {
  ...invitee('imes@example.com', 'administrator'),
  name: 'Inês',
  locale: 'pt-BR',
  message: 'Come in.',
};

/** A workspace whose administrator has invited somebody at a wrong address, at noon. */
async function mistaken() {
  const founded = await foundWorkspace();
  const { workspaceId, ownerId } = founded;
  const ada = await join(founded, 'ada@example.com', 'administrator');
  const { state } = await invitations.invite(workspaceId, ada, WRONG, contextOf(ada, NOON));
  const stream = (userId: string) => membershipStream({ workspaceId, userId });
  const link = linkOf({ state });
  return {
    founded,
    workspaceId,
    ownerId,
    ada,
    link,
    wrong: stream(WRONG.userId),
    right: stream(RIGHT.userId),
    correct: (actor = ownerId, context = contextOf(actor, ONE), through = corrections) =>
      through.correct(workspaceId, actor, link.invitationId, RIGHT, context),
  };
}

/** The commands of a process in which something happens before each append to a stream. */
function withBeforeAppend(stream: string, happens: () => Promise<unknown>): Corrections {
  const store = new Proxy<EventStore>(core.store, {
    get: (target, name) => {
      const method = Reflect.get(target, name);
      if (name !== 'append') return typeof method === 'function' ? method.bind(target) : method;
      return async (...args: Parameters<EventStore['append']>) => {
        if (args[0] === stream) await happens();
        return target.append(...args);
      };
    },
  });
  return new Corrections(new AggregateStore(store, { conflict: () => {} }));
}

const die = () => Promise.reject(new EventStoreUnavailable('the process is gone'));

t.test('the invitation goes on at the right address with all that was said of it, and both say so', async (t) => {
  const { workspaceId, ownerId, ada, link, wrong, right, correct } = await mistaken();
  const { position, history } = await correct();
  t.strictSame(await eventTypes(wrong), ['UserInvited', 'InvitationAddressCorrected']);
  const ended = (await core.store.readStream(wrong)).events.at(-1);
  t.strictSame(ended?.data, { invitationId: link.invitationId, to: RIGHT, vouchedBy: ada });
  t.strictSame(
    history.map(({ type, data }) => ({ type, data })),
    [
      {
        type: 'UserInvited',
        data: {
          invitationId: `${workspaceId}.${RIGHT.userId}.1`,
          email: RIGHT.email,
          role: 'administrator',
          invitedBy: ada,
          expiresAt: after(ONE, WEEK),
          lifetimeSeconds: WEEK,
          remindAt: after(ONE, 3 * 24 * 60 * 60),
          name: 'Inês',
          locale: 'pt-BR',
          message: 'Come in.',
          correctedFrom: link.invitationId,
        },
      },
    ],
  );
  t.match(history[0]?.metadata, { actor: { type: 'user', id: ownerId }, causationId: ended?.id });
  t.strictSame((await core.store.readStream(right)).events.at(-1)?.position, position);
});

t.test('the old link is dead, and the new one lets in', async (t) => {
  const { link, correct } = await mistaken();
  const { state } = await correct();
  await t.rejects(links.accept(link, 'Imes', contextOf(WRONG.userId, ONE)), { code: 'invitation-revoked' });
  const accepted = await links.accept(linkOf({ state }), 'Inês', contextOf(RIGHT.userId, ONE));
  t.match(accepted.state, { status: 'active', role: 'administrator' });
});

t.test('an expired invitation is corrected too, and recorded as expired first', async (t) => {
  const { ownerId, wrong, correct } = await mistaken();
  const { state } = await correct(ownerId, contextOf(ownerId, after(NOON, WEEK)));
  t.equal(state.invitation?.expiresAt, after(NOON, 2 * WEEK));
  t.strictSame(await eventTypes(wrong), ['UserInvited', 'InvitationExpired', 'InvitationAddressCorrected']);
});

t.test('where the inviter may not invite any more, whoever corrects answers for it', async (t) => {
  const { workspaceId, ownerId, ada, correct } = await mistaken();
  await members.changePermission(workspaceId, ownerId, ada, 'developer', contextOf(ownerId));
  const { state } = await correct();
  t.equal(state.invitation?.vouchedBy, ownerId);
  t.match(await links.accept(linkOf({ state }), 'Inês', contextOf(RIGHT.userId, ONE)), {
    state: { status: 'active' },
  });
});

t.test('nothing changes where the right address is invited, or in, or is the very same', async (t) => {
  const { founded, workspaceId, ownerId, link, wrong, correct } = await mistaken();
  const there = await invitations.invite(workspaceId, ownerId, invitee(RIGHT.email), contextOf(ownerId, NOON));
  await t.rejects(correct(), { code: 'already-invited' });
  await links.accept(linkOf(there), 'Inês', contextOf(RIGHT.userId, NOON));
  await t.rejects(correct(), { code: 'already-member' });
  const same = { userId: WRONG.userId, email: 'IMES@example.com' };
  const context = contextOf(ownerId, ONE);
  await t.rejects(corrections.correct(workspaceId, ownerId, link.invitationId, same, context), {
    code: 'same-address',
  });
  const developer = await join(founded, 'dev@example.com', 'developer');
  await t.rejects(correct(developer), { code: 'not-allowed' });
  await t.rejects(correct(person('stranger@example.com')), { code: 'workspace-not-found' });
  t.strictSame(await eventTypes(wrong), ['UserInvited']);
  t.equal((await links.view(link, ONE)).obstacle, undefined, 'the link is as good as before');
});

t.test('the invitation of another workspace is none', async (t) => {
  const { link } = await mistaken();
  const { workspaceId, ownerId } = await foundWorkspace();
  const context = contextOf(ownerId, ONE);
  await t.rejects(corrections.correct(workspaceId, ownerId, link.invitationId, RIGHT, context), {
    code: 'invitation-not-found',
  });
});

t.test('cut off between its steps, a correction is finished by whoever comes next, once', async (t) => {
  for (const next of ['the request sent again', 'another request', 'the reactor'] as const) {
    const { link, ownerId, wrong, right, correct } = await mistaken();
    const context = contextOf(ownerId, ONE);
    await t.rejects(correct(ownerId, context, withBeforeAppend(right, die)), { code: 'event-store-unavailable' });
    t.strictSame(await eventTypes(right), [], 'the second step was not taken');
    t.equal((await links.view(link, ONE)).obstacle, 'revoked', 'and yet the wrong person is shut out');

    const correction = (await core.store.readStream(wrong)).events.at(-1);
    const finish = () => corrections.finish(link.invitationId, correction?.id ?? '', ONE);
    if (next === 'the request sent again') await correct(ownerId, context);
    else if (next === 'another request') await correct();
    else await finish();
    t.strictSame(await eventTypes(right), ['UserInvited'], next);

    const head = await core.store.head();
    await finish();
    await correct(ownerId, context);
    await correct();
    t.equal(await core.store.head(), head, 'what is finished stays as it is');
  }
});

t.test('a correction finished late does not bring back what has ended since', async (t) => {
  const { workspaceId, ownerId, link, wrong, right, correct } = await mistaken();
  const { state } = await correct();
  await links.decline(linkOf({ state }), contextOf(RIGHT.userId, ONE));
  const correction = (await core.store.readStream(wrong)).events.at(-1);
  await corrections.finish(link.invitationId, correction?.id ?? '', ONE);
  t.strictSame(await eventTypes(right), ['UserInvited', 'InvitationDeclined']);
  await invitations.invite(workspaceId, ownerId, WRONG, contextOf(ownerId, ONE));
  await t.rejects(correct(), { code: 'invitation-superseded' });
});

t.test('of many who correct at once to different addresses, one does, and nobody is invited twice', async (t) => {
  const { workspaceId, ownerId, link, wrong } = await mistaken();
  const addresses = Array.from({ length: 6 }, (_, index) => invitee(`p${index}@example.com`));
  const attempts = await Promise.allSettled(
    addresses.map(({ userId, email }) =>
      corrections.correct(workspaceId, ownerId, link.invitationId, { userId, email }, contextOf(ownerId, ONE)),
    ),
  );
  t.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1);
  t.strictSame(await eventTypes(wrong), ['UserInvited', 'InvitationAddressCorrected']);
  const types = await Promise.all(addresses.map(({ userId }) => eventTypes(membershipStream({ workspaceId, userId }))));
  t.strictSame(types.flat(), ['UserInvited']);
});

t.test(
  'who invites the right address in the very last moment is first, and the correction changes nothing',
  async (t) => {
    const { workspaceId, ownerId, wrong, right, correct } = await mistaken();
    const invite = () =>
      invitations.invite(workspaceId, ownerId, invitee(RIGHT.email), contextOf(ownerId, ONE)).catch(() => undefined);
    await t.rejects(correct(ownerId, contextOf(ownerId, ONE), withBeforeAppend(wrong, invite)), {
      code: 'already-invited',
    });
    t.strictSame(await eventTypes(right), ['UserInvited']);
    t.strictSame(await eventTypes(wrong), ['UserInvited']);
  },
);

t.test('who invites the right address between the steps is first, and the person is invited once', async (t) => {
  const { workspaceId, ownerId, wrong, right, correct } = await mistaken();
  const invite = () =>
    invitations.invite(workspaceId, ownerId, invitee(RIGHT.email), contextOf(ownerId, ONE)).catch(() => undefined);
  const { state } = await correct(ownerId, contextOf(ownerId, ONE), withBeforeAppend(right, invite));
  t.match(state, { status: 'waiting', timesInvited: 1 });
  t.strictSame(await eventTypes(right), ['UserInvited']);
  t.strictSame(await eventTypes(wrong), ['UserInvited', 'InvitationAddressCorrected']);
});
