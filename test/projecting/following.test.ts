import { randomUUID } from 'node:crypto';
import t from 'tap';

import { type Checkpoint, LeadershipLost, readCheckpoint, VersionMismatch } from '../../src/projecting/checkpoint.js';
import type { Following } from '../../src/projecting/follower.js';
import { lagSeconds } from '../../src/projecting/lag.js';
import { ensureTables, projecting } from '../../src/projecting/project.js';
import type { Projection } from '../../src/projecting/projection.js';
import { follow, openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { countingProjection, countOf } from './counter.js';

const { core } = await openTestCore(t);
const { db, store, pool } = core;

let written = 0;

/** Appends events, each to a stream of its own. @returns how many there are by now */
async function write(count: number): Promise<number> {
  const appends = Array.from({ length: count }, () => ({
    stream: `membership-${randomUUID()}`,
    events: [{ id: randomUUID(), type: 'Tested', data: {}, metadata: { at: new Date().toISOString() } }],
    expectedRevision: 'none' as const,
  }));
  await store.appendMany(appends);
  written += count;
  return written;
}

const seen = (projection: Projection, count: number) =>
  until(async () => (await countOf(db, projection)) >= count, `${projection.name} has seen ${count} events`);

const checkpointOf = ({ name }: Projection) => readCheckpoint(db, name);

/** Cuts the connection that holds the lead, as a failing network does. */
async function terminateLeader({ name }: Projection): Promise<void> {
  const { rowCount } = await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = $1
       and pid in (select pid from pg_locks where locktype = 'advisory' and granted)`,
    [`leader of ${name}`],
  );
  if (rowCount !== 1) throw new Error(`${name} has ${rowCount} leaders`);
}

t.test('rows and checkpoint move together or not at all, and a failing batch is tried again', async (t) => {
  let failures = 0;
  let broken = true;
  const projection = countingProjection('failing', () => {
    if (!broken) return;
    failures++;
    throw Object.assign(new Error('the rows cannot be written'), { code: '57P03' });
  });
  await ensureTables(projection, db);
  const count = await write(5);
  const before = await checkpointOf(projection);
  const following = follow(core, projecting(projection, db));
  t.teardown(() => following.stop());
  await until(() => failures >= 2, 'it has failed twice');
  t.strictSame(following.status(), { name: 'failing', state: 'failing', error: 'the rows cannot be written' });
  t.strictSame(await checkpointOf(projection), before);
  t.equal(await countOf(db, projection), 0);

  broken = false;
  await seen(projection, count);
  await until(() => following.status().state === 'live', 'it is live');
  t.strictSame(following.status(), { name: 'failing', state: 'live' });
  t.equal(await countOf(db, projection), count);
});

t.test(
  'when the connection of the leader is cut, the one standing by takes over and counts nothing twice',
  async (t) => {
    const projection = countingProjection('contested');
    await ensureTables(projection, db);
    const candidates = [1, 2].map(() => follow(core, projecting(projection, db)));
    t.teardown(() => Promise.all(candidates.map((following) => following.stop())));
    const states = () => candidates.map((following) => following.status().state).sort();
    await until(() => states().join() === 'live,standing-by', 'one leads and one stands by');
    const [leader] = candidates.filter((following) => following.status().state === 'live');

    await seen(projection, await write(10));
    await terminateLeader(projection);
    await until(() => leader?.status().state === 'standing-by', 'the leader has stepped back');
    await until(() => states().join() === 'live,standing-by', 'the other one leads');
    t.equal(
      candidates.indexOf(leader as Following),
      candidates.findIndex((one) => one.status().state === 'standing-by'),
    );
    const count = await write(10);
    await seen(projection, count);
    t.equal(await countOf(db, projection), count);
  },
);

t.test('a leader that stops hands over at once', async (t) => {
  const projection = countingProjection('handed-over');
  await ensureTables(projection, db);
  const first = follow(core, projecting(projection, db));
  await until(() => first.status().state === 'live', 'the first leads');
  const second = follow(core, projecting(projection, db));
  t.teardown(() => second.stop());
  await first.stop();
  t.equal(first.status().state, 'stopped');
  await until(() => second.status().state === 'live', 'the second leads');
});

t.test('who stops while standing by leaves nothing behind', async (t) => {
  const projection = countingProjection('queued-for');
  await ensureTables(projection, db);
  const leader = follow(core, projecting(projection, db));
  t.teardown(() => leader.stop());
  await until(() => leader.status().state === 'live', 'the first leads');
  const standingBy = follow(core, projecting(projection, db));
  await until(() => standingBy.status().state === 'standing-by', 'the second stands by');
  await standingBy.stop();
  t.equal(standingBy.status().state, 'stopped');
  t.equal(leader.status().state, 'live');
});

t.test('a leader that does not know that it was replaced cannot write', async (t) => {
  const projection = countingProjection('usurped');
  await ensureTables(projection, db);
  await write(1);
  const stale = projecting(projection, db);
  const { position: from } = await stale.start();
  const { signal } = new AbortController();
  const batches = store.subscribe({ after: from, streamPrefixes: stale.streamPrefixes, signal });
  for await (const batch of batches) {
    await projecting(projection, db).advance(batch, from);
    const count = await countOf(db, projection);
    const checkpoint = await checkpointOf(projection);
    await t.rejects(stale.advance(batch, from), LeadershipLost);
    t.equal(await countOf(db, projection), count);
    t.strictSame(await checkpointOf(projection), checkpoint);
    break;
  }
});

t.test('many instances make the tables at once, and they are made once', async (t) => {
  const projection = countingProjection('fresh');
  await Promise.all(Array.from({ length: 8 }, () => ensureTables(projection, db)));
  const { updatedAt: _, ...made } = (await checkpointOf(projection)) as Checkpoint;
  t.strictSame(made, { version: 1, position: '', pausedAt: null, epoch: 0, witness: null });
  const count = await write(1);
  const following = follow(core, projecting(projection, db));
  t.teardown(() => following.stop());
  await seen(projection, count);
  await ensureTables(projection, db);
  t.equal(await countOf(db, projection), count, 'what is there is left alone');
});

t.test('tables that are not there, or of another version, are refused with a sentence', async (t) => {
  const projection = countingProjection('versioned');
  await t.rejects(projecting(projection, db).start(), VersionMismatch);
  await ensureTables(projection, db);
  const newer = { ...projection, version: 2 };
  await t.rejects(projecting(newer, db).start(), {
    code: 'projection-version-mismatch',
    message: 'the tables of versioned are of version 1, this program has version 2: they are built beside them',
  });
  const following = follow(core, projecting(newer, db));
  t.teardown(() => following.stop());
  await until(() => following.status().error !== undefined, 'it says why it does not go on');
  t.match(following.status(), { state: 'standing-by', error: /version 1/ });
});

t.test('its lag rises while nobody follows, and is none once all is dealt with', async (t) => {
  const projection = countingProjection('observed');
  await ensureTables(projection, db);
  const following = follow(core, projecting(projection, db));
  await seen(projection, await write(1));
  await following.stop();
  const lag = async (secondsLater: number) => {
    const { position } = (await checkpointOf(projection)) as Checkpoint;
    const { streamPrefixes } = projection;
    return lagSeconds(store, { position, streamPrefixes }, () => new Date(Date.now() + secondsLater * 1_000));
  };
  t.equal(await lag(60), 0);
  await store.append(`other-${randomUUID()}`, [{ id: randomUUID(), type: 'Tested', data: {}, metadata: {} }], 'none');
  t.equal(await lag(60), 0, 'what it does not want does not count');

  await write(1);
  const early = await lag(60);
  await write(1);
  t.ok(early >= 60 && early < 120, `after a minute it is ${early} s`);
  t.ok((await lag(600)) >= 600, 'it is that of the oldest event, however many follow');

  const again = follow(core, projecting(projection, db));
  t.teardown(() => again.stop());
  await seen(projection, written);
  await until(async () => (await lag(600)) === 0, 'nothing is left');
});
