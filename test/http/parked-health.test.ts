import t from 'tap';
import { EventStoreUnavailable } from '../../src/event-store/event-store.js';
import { Health } from '../../src/health.js';
import { park } from '../../src/projecting/parking.js';
import { until } from '../support/until.js';
import { openTestApi } from './support/api.js';

const { call, caughtUp, core, signIn } = await openTestApi(t);

t.test('what is parked is shown by readiness and metrics, and does not take the service down', async (t) => {
  await signIn('owner@example.com');
  const before = await call('GET /metrics');
  t.match(before.text, /projection_parked_streams\{projection="users-tab"\} 0\n/);

  const { events } = await core.store.readStream(`account-${(await signIn('owner@example.com')).id}`);
  t.ok(events.length > 0);
  // A follower that begins to follow now would park them a second time.
  await caughtUp();
  await park(core.db, 'users-tab', events);
  const { body } = await until(async () => {
    const answer = await call('GET /health/ready');
    return answer.status === 200 && answer;
  }, 'the service is ready');
  t.strictSame(body.checks['users-tab'], {
    ok: true,
    detail: `${events.length} events of 1 streams are parked: see projections list`,
  });
  t.strictSame(body.checks['workspaces'], { ok: true });
  const { text } = await call('GET /metrics');
  t.match(text, /projection_parked_streams\{projection="users-tab"\} 1\n/);
  t.match(text, new RegExp(`projection_parked_events\\{projection="users-tab"\\} ${events.length}\n`));
  t.match(text, /projection_parked_events\{projection="workspaces"\} 0\n/);
});

t.test(
  'a process whose tables are of an older version is not ready; one whose tables are newer serves on',
  async (t) => {
    const isOf = (version: string) =>
      core.pool.query(`update following.checkpoints set version = version ${version} where name = 'workspaces'`);
    await isOf('- 1');
    const older = await call('GET /health/ready');
    t.equal(older.status, 503);
    t.match(older.body.checks.workspaces, { ok: false, detail: /are of version \d+, those of \d+ are being built$/ });
    const failing = new Health(
      core,
      () => [],
      undefined,
      undefined,
      (name) => (name === 'workspaces' ? 'poison-event' : undefined),
    );
    t.match((await failing.ready()).checks['workspaces'], {
      ok: false,
      detail: /are being built; the last try failed \(poison-event\)/,
    });
    await isOf('+ 2');
    const newer = await call('GET /health/ready');
    t.equal(newer.status, 200);
    t.match(newer.body.checks.workspaces, { ok: true, detail: /newer than this program's/ });
    await isOf('- 1');
  },
);

t.test('a process whose event store stops answering is not ready', async (t) => {
  let isAway = false;
  const head = async () => {
    if (isAway) throw new EventStoreUnavailable('it is away');
    return core.store.head();
  };
  const store = { ...core.store, head };
  const health = new Health({ ...core, store }, () => []);
  t.match(await health.ready(), { ready: true });
  isAway = true;
  t.match(await health.ready(), { ready: false, checks: { eventStore: { ok: false, detail: 'it does not answer' } } });
});
