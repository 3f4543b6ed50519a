import { randomUUID } from 'node:crypto';
import t from 'tap';
import { membershipStream } from '../../src/domain/streams.js';
import { PROJECTIONS } from '../../src/projections.js';
import { REACTOR } from '../../src/reactor/reactor.js';
import { openTestApi } from './support/api.js';

const { call, core, following, foundWorkspace, caughtUp } = await openTestApi(t);
const NAMES = PROJECTIONS.map(({ name }) => name);

/** What each follower or projection says under a name. */
async function figures(name: string): Promise<Record<string, number>> {
  const { text } = await call('GET /metrics');
  const lines = text.matchAll(new RegExp(`^${name}\\{\\w+="([\\w-]+)"\\} (\\S+)$`, 'gm'));
  return Object.fromEntries([...lines].map(([, follower, value]) => [follower, Number(value)]));
}

const allAre = (value: number, names: readonly string[] = NAMES) =>
  Object.fromEntries(names.map((name) => [name, value]));

t.test('a process that follows nothing tells how far behind each follower is', async (t) => {
  const { workspaceId } = await foundWorkspace();
  await caughtUp();
  t.strictSame(await figures('follower_lag_seconds'), allAre(0, [...NAMES, REACTOR]));
  await Promise.all(following.map((each) => each.stop()));

  const at = new Date(Date.now() - 600_000).toISOString();
  await core.store.append(
    membershipStream({ workspaceId, userId: core.newId() }),
    [{ id: randomUUID(), type: 'Tested', data: {}, metadata: { at } }],
    'none',
  );
  const lags = await figures('follower_lag_seconds');
  t.strictSame(Object.keys(lags).sort(), [...NAMES, REACTOR].sort());
  for (const [name, lag] of Object.entries(lags)) t.ok(lag >= 600, `${name} is ${lag} s behind`);
  const [standing] = await core.operations.list();
  t.ok((standing?.lagSeconds ?? 0) >= 600, 'and so says the list');
});

t.test('it tells what is paused, and which build stopped', async (t) => {
  t.strictSame(await figures('projection_paused'), allAre(0));
  await core.operations.pause('workspaces');
  t.strictSame(await figures('projection_paused'), { ...allAre(0), workspaces: 1 });
  await core.operations.resume('workspaces');

  t.strictSame(await figures('projection_build_failed'), allAre(0));
  await core.pool.query(
    `insert into following.builds (checkpoint, target, deferred_indexes, failure) values ('users-tab:next', '', '[]', '{}')`,
  );
  t.strictSame(await figures('projection_build_failed'), { ...allAre(0), 'users-tab': 1 });
});

t.test('it tells that the read model knows more than the log', async (t) => {
  t.strictSame(await figures('projection_newer_than_log'), allAre(0));
  await core.pool.query('delete from event_store.events where position > 1');
  t.strictSame(await figures('projection_newer_than_log'), allAre(1));
});
