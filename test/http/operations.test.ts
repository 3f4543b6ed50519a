import t from 'tap';
import { park } from '../../src/projecting/parking.js';
import { PROJECTIONS } from '../../src/projections.js';
import { OPERATOR_SUBJECT, signOperatorToken } from '../../src/tokens/operator-token.js';
import { until } from '../support/until.js';
import { openTestApi, type Person } from './support/api.js';

const lines: string[] = [];
const api = await openTestApi(t, { log: (line) => lines.push(line) });
const { call, core } = api;
const operator: Person = {
  id: `${OPERATOR_SUBJECT}olga`,
  email: '',
  name: 'olga',
  token: signOperatorToken(api.tokenKeys, 'olga', new Date(Date.now() + 3_600_000)),
};
const owner = await api.signIn('owner@example.com');
await api.invite(owner, await api.createWorkspace(owner), 'one@example.com');
await api.caughtUp();

/** Waits until the work on a projection is over. */
const workOn = (name: string) =>
  until(async () => {
    const { body } = await call(`GET /v1/operations/projections/${name}`, { as: operator });
    return body.work?.state !== 'running' && body.work;
  }, `the work on ${name} is over`);

t.test('operations are for tokens with the scope operator, and those are for nothing else', async (t) => {
  const routes = [
    'GET /v1/operations/projections',
    'GET /v1/operations/projections/users-tab',
    'POST /v1/operations/projections/users-tab/pause',
    'GET /v1/operations/reactor',
    'GET /v1/operations/mail',
  ];
  for (const route of routes) {
    const refused = await call(route, { as: owner });
    t.strictSame([refused.status, refused.body.code], [403, 'operator-required'], route);
    t.equal((await call(route)).status, 401, route);
  }
  const { status, body } = await call('POST /v1/workspaces', { as: operator, body: { name: 'Acme' } });
  t.strictSame([status, body.code], [403, 'person-required']);
  const expired = { ...operator, token: signOperatorToken(api.tokenKeys, 'olga', new Date(Date.now() - 5_000)) };
  t.equal((await call('GET /v1/operations/reactor', { as: expired })).status, 401);
});

t.test('projections are listed, and paused and resumed', async (t) => {
  const { body } = await call('GET /v1/operations/projections', { as: operator });
  t.match(
    body.items,
    PROJECTIONS.map(({ name }) => ({ name, share: 1, parked: { streams: 0 }, next: null })),
  );
  const reason = 'the disk is being replaced';
  const paused = await call('POST /v1/operations/projections/workspaces/pause', { as: operator, body: { reason } });
  t.strictSame([paused.status, paused.body], [200, { changed: true }]);
  const { body: standing } = await call('GET /v1/operations/projections/workspaces', { as: operator });
  t.match(standing.paused, { since: String, by: 'operator:olga', reason });
  const again = await call('POST /v1/operations/projections/workspaces/pause', { as: operator, body: {} });
  t.strictSame(again.body, { changed: false });
  const { body: still } = await call('GET /v1/operations/projections/workspaces', { as: operator });
  t.strictSame(still.paused, standing.paused, 'who says it again takes nothing from whoever did it');
  t.ok(
    lines.some((line) => line.includes('an operator said pause') && line.includes('operator:olga')),
    'it is logged',
  );
  const resumed = await call('POST /v1/operations/projections/workspaces/resume', { as: operator });
  t.strictSame(
    [resumed.status, resumed.body],
    [200, { changed: true }],
    'a reason may be left out, and the body with it',
  );
  t.equal((await call('GET /v1/operations/projections/workspaces', { as: operator })).body.paused, null);
  for (const body of [{ reason: ' ' }, { why: 'a typing error' }]) {
    const refused = await call('POST /v1/operations/projections/workspaces/pause', { as: operator, body });
    t.strictSame([refused.status, refused.body.code], [400, 'invalid-request']);
  }
  const unknown = await call('GET /v1/operations/projections/nothing', { as: operator });
  t.strictSame([unknown.status, unknown.body.code], [404, 'projection-not-found']);
});

t.test('a request that is sent again with its key starts nothing twice', async (t) => {
  const verify = () =>
    call('POST /v1/operations/projections/workspaces/verify', {
      as: operator,
      body: {},
      headers: { 'idempotency-key': 'verify-once' },
    });
  const first = await verify();
  const { endedAt } = await workOn('workspaces');
  const again = await verify();
  t.strictSame([again.status, again.headers['idempotency-replayed'], again.body], [202, 'true', first.body]);
  t.equal((await workOn('workspaces')).endedAt, endedAt);
});

t.test('work goes on after the answer, and its outcome can be asked for', async (t) => {
  const begin = (what: string, body: object) =>
    call(`POST /v1/operations/projections/users-tab/${what}`, { as: operator, body });
  const { status, body } = await begin('rebuild', { switch: true });
  t.equal(status, 202);
  t.match(body, { operation: 'rebuild', by: 'operator:olga', state: 'running' });
  t.match(await workOn('users-tab'), { state: 'done', result: { state: 'switched', comparison: { equal: true } } });
  await begin('verify', {});
  t.match(await workOn('users-tab'), { operation: 'verify', state: 'done', result: { equal: true } });
  await begin('rebuild', { switch: true });
  t.match(await workOn('users-tab'), { state: 'failed', error: { code: 'previous-exists' } });
  await begin('switch', { back: true, reason: 'the new ones are slow' });
  t.match(await workOn('users-tab'), { state: 'done', result: { state: 'switched' } });
  await begin('drop', { tables: 'previous' });
  t.match(await workOn('users-tab'), { state: 'done', result: { state: 'dropped' } });
});

t.test('what is parked is retried, or skipped in the name of whoever asks', async (t) => {
  const stream = `account-${owner.id}`;
  const { events } = await core.store.readStream(stream);
  await park(core.db, 'workspaces', events.slice(0, 1));
  const retry = { stream, reason: 'mended in 1.4' };
  await call('POST /v1/operations/projections/workspaces/retry', { as: operator, body: retry });
  t.match(await workOn('workspaces'), { state: 'done', result: { state: 'retried', events: 1 } });
  await park(core.db, 'workspaces', events.slice(0, 1));
  const unexplained = await call('POST /v1/operations/projections/workspaces/skip', { as: operator, body: { stream } });
  t.strictSame([unexplained.status, unexplained.body.code], [400, 'invalid-request']);
  const body = { stream, reason: 'a test' };
  await call('POST /v1/operations/projections/workspaces/skip', { as: operator, body });
  t.match(await workOn('workspaces'), { result: { skipped: { by: 'operator:olga', reason: 'a test' } } });
  const { body: standing } = await call('GET /v1/operations/projections/workspaces', { as: operator });
  t.match(standing, { parked: { events: 0 }, skipped: [{ stream, by: 'operator:olga' }] });
});

t.test('a skip is taken back, and who did what is kept', async (t) => {
  const { body: before } = await call('GET /v1/operations/projections/workspaces', { as: operator });
  const [{ id: event }] = before.skipped;
  const unskip = (id: string) =>
    call('POST /v1/operations/projections/workspaces/unskip', {
      as: operator,
      body: { event: id, reason: 'it was no test' },
    });
  await unskip('00000000-0000-4000-8000-000000000000');
  t.match(await workOn('workspaces'), { state: 'failed', error: { code: 'not-skipped' } });
  await unskip(event);
  t.match(await workOn('workspaces'), { state: 'done', result: { state: 'withdrawn', event: { id: event } } });
  const { body } = await call('GET /v1/operations/projections/workspaces', { as: operator });
  t.strictSame(body.skipped, []);

  const by = 'operator:olga';
  const journal = await call('GET /v1/operations/projections/workspaces/journal', { as: operator });
  t.match(journal.body.items, [
    {
      act: 'skip-withdrawn',
      by,
      reason: 'it was no test',
      detail: { event: { id: event }, skipped: { by, reason: 'a test' } },
    },
    { act: 'skipped', by, reason: 'a test', detail: { event: { id: event }, replayed: 0, outcome: 'retried' } },
    { act: 'retried', by, reason: 'mended in 1.4', detail: { stream: String, replayed: 1, outcome: 'retried' } },
    { act: 'resumed', by, reason: null },
    { act: 'paused', by, reason: 'the disk is being replaced' },
  ]);
  t.equal(journal.body.items.length, 5);
  const { body: switched } = await call('GET /v1/operations/projections/users-tab/journal?limit=2', { as: operator });
  t.match(switched.items, [
    { act: 'dropped', by, detail: { tables: 'previous' } },
    { act: 'switched-back', by, reason: 'the new ones are slow', detail: { position: String } },
  ]);
});

t.test('the reactor and the mails that wait', async (t) => {
  const { body } = await call('GET /v1/operations/reactor', { as: operator });
  t.match(body, { share: 1, lagSeconds: 0, leader: { since: String } });
  const mails = await call('GET /v1/operations/mail?limit=10', { as: operator });
  t.match(mails.body.items, [{ name: 'send-invitation', issue: 1, attempt: 1, running: false }]);
  await core.pool.query(`update graphile_worker._private_jobs set run_at = now() + interval '1 hour'`);
  const retried = await call('POST /v1/operations/mail/retry', { as: operator, body: {} });
  t.strictSame([retried.status, retried.body], [200, { due: 1 }]);
});

t.test('what is kept of a comparison are counts and keys, never what rows say', async (t) => {
  await core.pool.query(`update users_tab.users set email = 'changed@example.com'`);
  await call('POST /v1/operations/projections/users-tab/verify', { as: operator, body: {} });
  const work = await workOn('users-tab');
  t.match(work, { state: 'done', result: { equal: false, tables: Array } });
  const users = work.result.tables.find(({ table }: { table: string }) => table === 'users');
  t.ok(users.differences.length > 0);
  t.strictSame(Object.keys(users.differences[0].live), Object.keys(users.differences[0].built));
  t.match(users.differences[0].live, { user_id: String });
  t.notMatch(JSON.stringify(work), '@');
});
