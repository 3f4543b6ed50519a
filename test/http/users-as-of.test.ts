import t from 'tap';

import { until } from '../support/until.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;

/** An instant after all that has happened, and before all that will. */
async function between(): Promise<string> {
  const instant = Date.now() + 1;
  await until(() => Date.now() > instant, 'a moment has passed');
  return new Date(instant).toISOString();
}

const owner = await api.signIn('olivia@example.com', 'Olivia Owner');
const beginning = await between();
const workspaceId = await api.createWorkspace(owner);
const users = `/v1/workspaces/${workspaceId}/users`;
const founded = await between();
const ana = await api.join(owner, workspaceId, 'ana@example.com');
const joined = await between();
await call(`PATCH ${users}/${ana.id}`, { as: owner, body: { role: 'administrator' } });
const promoted = await between();
await call(`DELETE ${users}/${ana.id}`, { as: owner });
const removed = await between();
await api.invite(owner, workspaceId, 'ana@example.com');
const again = await between();

async function list(asOf: string, more = '', as = owner) {
  const headers = { 'min-event-position': await core.store.head() };
  return call(`GET ${users}?asOf=${encodeURIComponent(asOf)}${more}`, { as, headers });
}

t.test('the tab is shown as it stood at any instant, before a removal and after a new invitation', async (t) => {
  const told = [];
  for (const instant of [beginning, founded, joined, promoted, removed, again]) {
    const { status, body } = await list(instant, '&status=waiting,active,removed&search=ana');
    const [one] = body.items;
    told.push([status, body.counts.active, one?.status, one?.role]);
  }
  t.strictSame(told, [
    [200, 0, undefined, undefined],
    [200, 1, undefined, undefined],
    [200, 2, 'active', 'developer'],
    [200, 2, 'active', 'administrator'],
    [200, 1, 'removed', 'administrator'],
    [200, 1, 'waiting', 'developer'],
  ]);
});

t.test('an instant may have any offset, and what happened at it has happened', async (t) => {
  const since = (await call(`GET ${users}/${ana.id}`, { as: owner })).body.invitation.invitedAt;
  const inBrazil = new Date(Date.parse(since) - 3 * 60 * 60 * 1000).toISOString().replace('Z', '-03:00');
  const statusAt = async (asOf: string) => (await list(asOf, '&status=removed,waiting')).body.items[0].status;
  t.equal(await statusAt(inBrazil), 'waiting');
  t.equal(await statusAt(new Date(Date.parse(since) - 1).toISOString()), 'removed');
});

t.test('as of now it is what is shown without asking', async (t) => {
  const now = await call(`GET ${users}`, { as: owner });
  t.strictSame((await list(again)).body, now.body);
});

t.test('what is yet to come, and what is no instant, is refused', async (t) => {
  const future = await list('2999-01-01T00:00:00Z');
  t.strictSame([future.status, future.body.code], [400, 'future-instant']);
  t.equal((await list('yesterday')).body.code, 'invalid-request');
});

t.test('a cursor is good for the instant that it was given for', async (t) => {
  const { body } = await list(joined, '&limit=1');
  const next = await list(joined, `&limit=1&cursor=${body.nextCursor}`);
  t.strictSame([next.status, next.body.items.length], [200, 1]);
  t.equal((await list(promoted, `&cursor=${body.nextCursor}`)).body.code, 'invalid-cursor');
  t.equal((await call(`GET ${users}?cursor=${body.nextCursor}`, { as: owner })).body.code, 'invalid-cursor');
});

t.test('who may read is decided now: whoever was removed sees not even the time when they were in', async (t) => {
  t.equal((await list(joined, '', ana)).body.code, 'workspace-not-found');
});
