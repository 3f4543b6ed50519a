import t from 'tap';

import { signOperatorToken } from '../../src/tokens/operator-token.js';
import { contextOf, linkOf } from '../support/core.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const token = signOperatorToken(api.tokenKeys, 'operator@example.com', new Date(Date.now() + 3_600_000));
const operator = { id: '', email: '', name: '', token };
const figures = async (query = '') => {
  await api.caughtUp();
  return call(`GET /v1/operations/invitation-figures${query}`, { as: operator });
};

t.test('nothing was ever sent', async (t) => {
  const { status, body } = await figures();
  t.equal(status, 200);
  t.strictSame(body.outcomes, { waiting: 0, accepted: 0, declined: 0, expired: 0, revoked: 0 });
  t.equal(body.medianSecondsToAccept, null);
  t.strictSame(
    body.timeToAccept.map(({ invitations }: { invitations: number }) => invitations),
    [0, 0, 0, 0, 0, 0],
  );
});

t.test('invitations by outcome, and the time that accepting took', async (t) => {
  const { workspaceId, ownerId } = await api.foundWorkspace();
  const hour = 3_600_000;
  const start = Date.now();
  const at = (hoursAgo: number) => new Date(start - hoursAgo * hour).toISOString();
  async function invite(email: string, hoursAgo: number) {
    const invitee = api.invitee(email);
    const { state } = await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId, at(hoursAgo)));
    return { link: linkOf({ state }), userId: invitee.userId };
  }
  for (const [email, hoursAgo, after] of [
    ['quick@example.com', 50, 0.5],
    ['same-day@example.com', 50, 20],
    ['next-day@example.com', 50, 30],
  ] as const) {
    const { link, userId } = await invite(email, hoursAgo);
    await core.links.accept(link, email, contextOf(userId, at(hoursAgo - after)));
  }
  const gone = await invite('gone@example.com', 60);
  await core.links.accept(gone.link, 'Gone', contextOf(gone.userId, at(40)));
  await core.members.remove(workspaceId, ownerId, gone.userId, contextOf(ownerId));
  const refused = await invite('refused@example.com', 2);
  await core.links.decline(refused.link, contextOf(refused.userId));
  await invite('open@example.com', 1);
  await invite('older@example.com', 24 * 40);

  const { body } = await figures();
  t.strictSame(body, {
    outcomes: { waiting: 1, accepted: 4, declined: 1, expired: 0, revoked: 0 },
    timeToAccept: [
      { within: 3_600, invitations: 1 },
      { within: 14_400, invitations: 0 },
      { within: 86_400, invitations: 2 },
      { within: 259_200, invitations: 1 },
      { within: 604_800, invitations: 0 },
      { within: null, invitations: 0 },
    ],
    medianSecondsToAccept: 20 * 3_600,
  });
  const { waiting, expired } = (await figures('?days=60')).body.outcomes;
  t.equal(waiting + expired, 2, 'the older one too');
});

t.test('for operators alone', async (t) => {
  const person = await api.signIn('person@example.com');
  t.equal((await call('GET /v1/operations/invitation-figures', { as: person })).status, 403);
});
