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

async function changes(query: string, as = owner) {
  const headers = { 'min-event-position': await core.store.head() };
  return call(`GET ${users}/changes?${query}`, { as, headers });
}

t.test('the difference between two instants is told once a person, and what changed back is none', async (t) => {
  const told = async (from: string, to: string) => (await changes(`from=${from}&to=${to}`)).body.items;
  const brief = { email: 'ana@example.com', name: 'ana', role: 'developer', status: 'active' };
  t.match(await told(founded, joined), [
    { userId: ana.id, changed: ['status', 'role', 'name', 'email'], before: null, after: brief },
  ]);
  t.strictSame(await told(joined, promoted), [
    { userId: ana.id, changed: ['role'], before: brief, after: { ...brief, role: 'administrator' } },
  ]);
  t.match(await told(promoted, again), [{ changed: ['status', 'role'], after: { status: 'waiting' } }]);
  t.strictSame(await told(again, again), []);
  t.equal((await told(beginning, again)).length, 2);
});

t.test('differences come in pages, of the same span', async (t) => {
  const first = await changes(`from=${beginning}&to=${again}&limit=1`);
  t.equal(first.body.items.length, 1);
  const cursor = `&cursor=${first.body.nextCursor}`;
  const second = await changes(`from=${beginning}&to=${again}&limit=1${cursor}`);
  t.equal(second.body.items.length, 1);
  t.not(second.body.items[0].userId, first.body.items[0].userId);
  t.notOk(second.body.nextCursor);
  t.match(await changes(`from=${founded}&to=${again}${cursor}`), { status: 400, body: { code: 'invalid-cursor' } });
});

t.test('a span that cannot be is refused', async (t) => {
  t.match(await changes(`from=${again}&to=${founded}`), {
    status: 400,
    body: { code: 'invalid-request', errors: [{ parameter: 'from' }] },
  });
  t.match(await changes('from=2999-01-01T00:00:00Z'), { status: 400, body: { code: 'future-instant' } });
  t.match(await changes('to=2026-01-01T00:00:00Z'), { status: 400, body: { code: 'invalid-request' } });
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
