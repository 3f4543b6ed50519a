import t from 'tap';

import type { EventStore } from '../../src/event-store/event-store.js';
import { OPERATOR_SUBJECT, signOperatorToken } from '../../src/tokens/operator-token.js';
import { until } from '../support/until.js';
import { appOn, openTestApi, type Person } from './support/api.js';
import { listen, readEvents } from './support/event-reader.js';

const api = await openTestApi(t, { config: { heartbeat: 50 } });
const { call } = api;
const url = await listen(api.app);

const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);
const audit = `/v1/workspaces/${workspaceId}/audit-events`;

/** Follows the history of a workspace until the test ends, from when it is listened. */
async function follow(
  t: { teardown(action: () => void): void },
  { as = owner, query = '', headers = {} }: { as?: Person; query?: string; headers?: Record<string, string> } = {},
) {
  const reader = await readEvents(`${url}${audit}/changes${query}`, { as, headers });
  t.teardown(() => reader.leave());
  if (reader.status === 200) await reader.next('it is ready', ({ event }) => event === 'ready');
  return reader;
}

/** What is told of something that happens. */
async function toldOf(reader: Awaited<ReturnType<typeof follow>>, act: () => Promise<unknown>) {
  const from = reader.events.length;
  await act();
  return reader.next('it is told', ({ event }) => event === 'reload', from);
}

t.test('every kind of record is told of, once the history shows it', async (t) => {
  const developer = await api.join(owner, workspaceId, 'dev@example.com');
  const reader = await follow(t);
  t.match(reader.headers.get('content-type'), /^text\/event-stream/);
  const acts = {
    WorkspaceRenamed: () => call(`PATCH /v1/workspaces/${workspaceId}`, { as: owner, body: { name: 'Ajax' } }),
    UserInvited: () => api.invite(owner, workspaceId, 'ana@example.com'),
    RequestRefused: () =>
      call(`POST /v1/workspaces/${workspaceId}/invitations`, {
        as: developer,
        body: { email: 'friend@example.com', role: 'developer' },
      }),
  };
  for (const [type, act] of Object.entries(acts)) {
    const { id } = await toldOf(reader, act);
    const { body } = await call(`GET ${audit}?limit=1`, { as: owner });
    t.equal(body.items[0].type, type);
    t.equal(id, await api.core.store.head());
  }
});

t.test('nothing of other workspaces', async (t) => {
  const other = await api.signIn('other@example.com');
  const elsewhere = await api.createWorkspace(other, 'Elsewhere');
  const reader = await follow(t);
  await api.invite(other, elsewhere, 'dave@example.com');
  const { id } = await toldOf(reader, () => api.invite(owner, workspaceId, 'erin@example.com'));
  t.equal(id, await api.core.store.head());
});

t.test('who comes back is told that there may be more, unless nothing has happened', async (t) => {
  const kinds = async (following: Parameters<typeof follow>[1]) =>
    (await follow(t, following)).events.map(({ event }) => event);
  const reader = await follow(t);
  const { id } = await toldOf(reader, () => api.invite(owner, workspaceId, 'before@example.com'));
  t.strictSame(await kinds({ headers: { 'last-event-id': String(id) } }), ['ready']);
  await toldOf(reader, () => api.invite(owner, workspaceId, 'missed@example.com'));
  t.strictSame(await kinds({ headers: { 'last-event-id': String(id) } }), ['reload', 'ready']);
  t.strictSame(await kinds({ query: `?after=${id}` }), ['reload', 'ready']);
});

t.test('only those who run the workspace, for as long as they do, and operators', async (t) => {
  const developer = await api.join(owner, workspaceId, 'dev2@example.com');
  const stranger = await api.signIn('stranger@example.com');
  t.equal((await follow(t, { as: developer })).status, 403);
  t.equal((await follow(t, { as: stranger })).status, 404);

  const administrator = await api.join(owner, workspaceId, 'admin@example.com', 'administrator');
  const theirs = await follow(t, { as: administrator });
  await api.invite(owner, workspaceId, 'seen@example.com');
  const seen = await api.core.store.head();
  await theirs.next('all so far is told', ({ event, id }) => event === 'reload' && id === seen);
  const before = theirs.events.length;
  const patch = `PATCH /v1/workspaces/${workspaceId}/users/${administrator.id}`;
  await call(patch, { as: owner, body: { role: 'developer' } });
  await theirs.ended;
  t.strictSame(
    theirs.events.slice(before).map(({ event, data }) => [event, data]),
    [['end', { code: 'not-allowed' }]],
  );

  const token = signOperatorToken(api.tokenKeys, 'ops', new Date(Date.now() + 3_600_000));
  const operator = { ...owner, id: `${OPERATOR_SUBJECT}ops`, token };
  const watching = await follow(t, { as: operator });
  await toldOf(watching, () => api.invite(owner, workspaceId, 'watched@example.com'));
  t.pass();
});

t.test('who loses the right before the log is followed is told so, and nothing else', async (t) => {
  const administrator = await api.join(owner, workspaceId, 'admin2@example.com', 'administrator');
  let isAsked = false;
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const store = new Proxy(api.core.store, {
    get(real, property: keyof EventStore) {
      if (property !== 'head') return real[property]?.bind(real);
      return async () => {
        isAsked = true;
        await held;
        return real.head();
      };
    },
  });
  const app = await appOn(api, api.tokenKeys, { replace: () => ({ store }) });
  t.teardown(() => app.close());
  const base = `${await listen(app)}/v1/workspaces/${workspaceId}`;
  const following = await Promise.all([
    readEvents(`${base}/audit-events/changes`, { as: administrator }),
    readEvents(`${base}/changes`, { as: administrator }),
  ]);
  await until(() => isAsked, 'the log begins to be followed');
  await call(`DELETE /v1/workspaces/${workspaceId}/users/${administrator.id}`, { as: owner });
  answer();
  for (const reader of following) {
    await reader.next('it ends', ({ event }) => event === 'end');
    t.strictSame(
      reader.events.map(({ event, data }) => [event, data]),
      [['end', { code: 'workspace-not-found' }]],
    );
  }
});

t.test('streams of either kind are counted together', async (t) => {
  const admin = await api.join(owner, workspaceId, 'counted@example.com', 'administrator');
  const users = () => readEvents(`${url}/v1/workspaces/${workspaceId}/changes`, { as: admin });
  const open = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? follow(t, { as: admin }) : users())),
  );
  t.strictSame([(await follow(t, { as: admin })).status, (await users()).status], [429, 429]);
  for (const reader of open) reader.leave();
  await until(async () => (await follow(t, { as: admin })).status === 200, 'there is room again');
});

t.test('closing ends them', async (t) => {
  const reader = await follow(t);
  await api.app.close();
  await reader.ended;
  t.strictSame(reader.events.at(-1)?.data, { code: 'closing' });
});
