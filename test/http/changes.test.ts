import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';

import type { HttpDependencies } from '../../src/http/dependencies.js';
import { until } from '../support/until.js';
import { appOn, openTestApi, type Person, wordsFor } from './support/api.js';
import { type EventReader, listen, readEvents, untilLet } from './support/event-reader.js';

const api = await openTestApi(t, { config: { heartbeat: 50 } });
const { call } = api;
const url = await listen(api.app);

const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);

interface Following {
  readonly as?: Person;
  readonly headers?: Record<string, string>;
  readonly at?: string;
  readonly query?: string;
  readonly of?: string;
}

/** Follows a workspace until the test ends, from when it is told to be ready. */
async function follow(
  t: { teardown(action: () => void): void },
  { at = url, of = workspaceId, query = '', ...who }: Following = {},
) {
  const reader = await readEvents(`${at}/v1/workspaces/${of}/changes${query}`, who);
  t.teardown(() => reader.leave());
  if (reader.status === 200) await reader.next('it is ready', ({ event }) => event === 'ready');
  return reader;
}
const about = (userId: string, status: string) => (event: EventReader['events'][number]) =>
  event.event === 'user' && event.data.user.id === userId && event.data.user.status === status;
const getUser = async (userId: string) =>
  (await call(`GET /v1/workspaces/${workspaceId}/users/${userId}`, { as: owner })).body;

t.test('a changed row comes as the users tab shows it, with its position and the counts', async (t) => {
  const reader = await follow(t, { as: owner });
  t.match(reader.headers.get('content-type'), /^text\/event-stream/);
  t.equal(reader.headers.get('x-accel-buffering'), 'no');
  const user = await api.invite(owner, workspaceId, 'ana@example.com');
  const { id, data } = await reader.next('she waits', about(user.id, 'waiting'));
  t.strictSame(data.user, await getUser(user.id));
  t.equal(data.user.invitation.invitedBy.name, 'Olivia Owner');
  t.strictSame(data.counts, { waiting: 1, active: 1, expired: 0, declined: 0, revoked: 0, removed: 0 });
  t.equal(id, await api.core.store.head());

  await call(`DELETE /v1/workspaces/${workspaceId}/invitations/${user.invitation.id}`, { as: owner });
  const revoked = await reader.next('she is revoked', about(user.id, 'revoked'));
  t.strictSame([revoked.data.counts.waiting, revoked.data.counts.revoked], [0, 1]);
  t.ok(String(revoked.id) > String(id));
});

t.test('who joins, who is renamed, and who is removed', async (t) => {
  const bob = await api.join(owner, workspaceId, 'bob@example.com');
  const reader = await follow(t, { as: owner });
  const carol = await api.join(owner, workspaceId, 'carol@example.com');
  await reader.next('she is active', about(carol.id, 'active'));
  await call('PATCH /v1/me', { as: bob, body: { name: 'Robert' } });
  const named = await reader.next('he is renamed', (event) => event.data.user?.name === 'Robert');
  t.strictSame(named.data.user, await getUser(bob.id));
  await call(`DELETE /v1/workspaces/${workspaceId}/users/${carol.id}`, { as: owner });
  await reader.next('she is removed', about(carol.id, 'removed'));
});

t.test('nothing of other workspaces, nor of people who are only there', async (t) => {
  const other = await api.signIn('other-owner@example.com');
  const elsewhere = await api.createWorkspace(other, 'Elsewhere');
  const reader = await follow(t, { as: owner });
  await api.invite(other, elsewhere, 'dave@example.com');
  await call('PATCH /v1/me', { as: other, body: { name: 'Someone Else' } });
  const last = await api.invite(owner, workspaceId, 'erin@example.com');
  await reader.next('the last one', about(last.id, 'waiting'));
  const told = new Set(reader.events.flatMap(({ data }) => data.user?.id ?? []));
  t.strictSame([...told], [last.id]);
});

t.test('who lost the connection is told what they missed, once each', async (t) => {
  const first = await follow(t, { as: owner });
  const witness = await follow(t, { as: owner });
  const before = await api.invite(owner, workspaceId, 'before@example.com');
  const { id } = await first.next('it came', about(before.id, 'waiting'));
  first.leave();
  const missed = await api.invite(owner, workspaceId, 'missed@example.com');
  await call(`DELETE /v1/workspaces/${workspaceId}/invitations/${missed.invitation.id}`, { as: owner });
  await witness.next('it is told', about(missed.id, 'revoked'));

  const second = await follow(t, { as: owner, headers: { 'last-event-id': String(id) } });
  t.strictSame(
    second.events.map(({ event, data }) => [event, data.user?.id, data.user?.status]),
    [
      ['user', missed.id, 'revoked'],
      ['ready', undefined, undefined],
    ],
  );
  const third = await follow(t, { as: owner, query: `?after=${id}` });
  t.equal(third.events[0]?.data.user.id, missed.id);
});

t.test('a new name of the workspace is told, and the newest to who missed it', async (t) => {
  const named = await api.createWorkspace(owner, 'First');
  const rename = (name: string) => call(`PATCH /v1/workspaces/${named}`, { as: owner, body: { name } });
  const reader = await follow(t, { as: owner, of: named });
  await rename('Second');
  const told = await reader.next('the name is told', ({ event }) => event === 'workspace');
  t.strictSame(told.data, { workspace: { id: named, name: 'Second' } });
  reader.leave();
  await rename('Third');
  const user = await api.invite(owner, named, 'between@example.com');
  const last = await rename('Fourth');
  await api.caughtUp();
  const later = await follow(t, { as: owner, of: named, headers: { 'last-event-id': String(told.id) } });
  t.strictSame(
    later.events.map(({ event, data }) => [event, data.user?.id ?? data.workspace?.name]),
    [
      ['user', user.id],
      ['workspace', 'Fourth'],
      ['ready', undefined],
    ],
  );
  t.equal(later.events[1]?.id, last.headers['event-position']);
  t.notOk(
    (await follow(t, { as: owner, query: `?after=${told.id}` })).events.some(({ event }) => event === 'workspace'),
  );
});

t.test(
  'another instance tells what was missed at the first, also what came before anybody listened there',
  async (t) => {
    const first = await follow(t, { as: owner });
    const position = first.events[0]?.id;
    const missed = await api.invite(owner, workspaceId, 'elsewhere@example.com');
    const app = await appOn(api, api.tokenKeys, {});
    t.teardown(() => app.close());
    const reader = await follow(t, {
      as: owner,
      at: await listen(app),
      headers: { 'last-event-id': String(position) },
    });
    t.strictSame(
      reader.events.map(({ event, data }) => [event, data.user?.id]),
      [
        ['user', missed.id],
        ['ready', undefined],
      ],
    );
    const live = await api.invite(owner, workspaceId, 'live@example.com');
    await Promise.all([first, reader].map((each) => each.next('both are told', about(live.id, 'waiting'))));
  },
);

t.test('who has been away for too long, or comes with a position of another log, loads everything anew', async (t) => {
  const kinds = (reader: EventReader) => reader.events.map(({ event }) => event);
  t.strictSame(kinds(await follow(t, { as: owner, query: '?after=C0000P0000' })), ['reload', 'ready']);
  const busy = await api.createWorkspace(owner, 'Busy');
  const first = await follow(t, { as: owner, of: busy });
  const recipients = Array.from({ length: 250 }, (_, index) => `person${index}@example.com`).join('\n');
  await call(`POST /v1/workspaces/${busy}/invitations/batch`, { as: owner, body: { recipients, role: 'developer' } });
  const last = await api.core.store.head();
  await first.next('all is told', ({ id }) => id === last);
  const later = await follow(t, { as: owner, of: busy, query: `?after=${first.events[0]?.id}` });
  t.strictSame(kinds(later), ['reload', 'ready']);
});

t.test('only people of the workspace, for as long as they are in it', async (t) => {
  const stranger = await api.signIn('stranger@example.com');
  t.equal((await follow(t, { as: stranger })).status, 404);
  t.equal((await follow(t)).status, 401);
  const frank = await api.join(owner, workspaceId, 'frank@example.com');
  const reader = await follow(t, { as: frank });
  await call(`DELETE /v1/workspaces/${workspaceId}/users/${frank.id}`, { as: owner });
  await reader.ended;
  t.strictSame(reader.events.at(-1)?.data, { code: 'workspace-not-found' });
  t.notOk(reader.events.some(about(frank.id, 'removed')), 'they are not told of it as one who is in it');
});

t.test('it ends with the session, of either kind', async (t) => {
  const token = api.core.signInTokens.sign({ id: 'follower', email: 'owner@example.com' }, new Date());
  const headers = { 'x-csrf': '1' };
  const signedIn = await call('POST /v1/sessions', { body: { token, cookie: true }, headers });
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
  const reader = await follow(t, { headers: { cookie } });
  t.equal((await follow(t, { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status, 403);
  await call('DELETE /v1/session', { headers: { ...headers, cookie } });
  await reader.ended;
  t.strictSame(reader.events.at(-1)?.data, { code: 'session-ended' });

  const app = await appOn(api, api.tokenKeys, { config: { accessTokenSeconds: 2 } });
  t.teardown(() => app.close());
  const { signIn } = wordsFor(app, api);
  const changes = `${await listen(app)}/v1/workspaces/${workspaceId}/changes`;
  const short = await untilLet(async () => readEvents(changes, { as: await signIn('owner@example.com') }));
  await short.ended;
  t.strictSame(short.events.at(-1)?.data, { code: 'session-ended' });
});

t.test('a quiet connection shows that it is alive', async (t) => {
  const reader = await follow(t, { as: owner });
  await until(() => reader.beats >= 2, 'two signs of life have come');
  t.strictSame(
    reader.events.map(({ event }) => event),
    ['ready'],
  );
});

t.test('a connection that is open, and never used, does not hold up closing', async (t) => {
  const app = await appOn(api, api.tokenKeys, {});
  const socket = connect(Number(new URL(await listen(app)).port), '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  const startedAt = Date.now();
  await Promise.all([app.close(), closed]);
  t.ok(Date.now() - startedAt < 30_000, 'without it, this takes a minute');
});

t.test('one reader of the log and one query serve all who look on, and closing ends them all', async (t) => {
  let subscriptions = 0;
  let queries = 0;
  const counting = ({ store, usersTab }: HttpDependencies): Partial<HttpDependencies> => ({
    store: Object.assign(Object.create(store), {
      subscribe(options: Parameters<typeof store.subscribe>[0]) {
        subscriptions += 1;
        return store.subscribe(options);
      },
    }),
    usersTab: Object.assign(Object.create(usersTab), {
      some(...asked: Parameters<typeof usersTab.some>) {
        queries += 1;
        return usersTab.some(...asked);
      },
    }),
  });
  const app = await appOn(api, api.tokenKeys, { replace: counting });
  const at = await listen(app);
  const readers = await Promise.all(Array.from({ length: 20 }, () => follow(t, { as: owner, at })));
  t.equal((await follow(t, { as: owner, at })).status, 429, 'nobody takes connections without end');
  const user = await api.invite(owner, workspaceId, 'one@example.com');
  await Promise.all(readers.map((reader) => reader.next('all are told', about(user.id, 'waiting'))));
  t.equal(subscriptions, 1);
  // The mails of the test are not sent, so that nothing else happens.
  t.equal(queries, 1);
  await app.close();
  await Promise.all(readers.map(({ ended }) => ended));
  for (const { events } of readers) t.strictSame(events.at(-1)?.data, { code: 'closing' });
});
