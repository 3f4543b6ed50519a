import t from 'tap';

import type { EventBatch, Position } from '../../src/event-store/event-store.js';
import { START } from '../../src/event-store/event-store.js';
import { LeadershipLost, readCheckpoint } from '../../src/projecting/checkpoint.js';
import { REACTOR, reactor } from '../../src/reactor/reactor.js';
import { releaseJobsOfTheDead } from '../../src/reactor/worker.js';
import * as event from '../domain/support/membership-events.js';
import { INVITEE, WORKSPACE } from '../domain/support/people-and-time.js';
import { recorded } from '../projections/recorded.js';
import { openTestCore } from '../support/core.js';
import { until } from '../support/until.js';

const { core } = await openTestCore(t);
const { db, pool, liveness } = core;
const follower = reactor(db);
const stream = `membership-${WORKSPACE}.${INVITEE}`;

const batchOf = (position: string, ...events: EventBatch['events']): EventBatch => ({
  events,
  position: position as Position,
  caughtUp: true,
});

async function keys(): Promise<string[]> {
  const { rows } = await pool.query<{ key: string }>('select key from graphile_worker.jobs order by key');
  return rows.map(({ key }) => key);
}

const ISSUED = [`expire-invitation:${event.FIRST}:1`, `send-invitation:${event.FIRST}:1:1`];

t.test('jobs and checkpoint are stored together', async (t) => {
  t.equal((await follower.start()).position, START);
  const invited = recorded(stream, event.invited(), 0);
  await follower.advance(batchOf('0001', invited), START);
  t.strictSame(await keys(), ISSUED);
  t.equal((await follower.start()).position, '0001');

  const resent = recorded(stream, event.resent(), 1);
  await t.rejects(follower.advance(batchOf('0002', resent), START), LeadershipLost);
  t.strictSame(await keys(), ISSUED, 'a reactor that was replaced enqueues nothing');
  t.equal((await readCheckpoint(db, REACTOR))?.position, '0001');
});

t.test('an event that comes again enqueues nothing again', async (t) => {
  const invited = recorded(stream, event.invited(), 0);
  await follower.advance(batchOf('0003', invited, invited), '0001' as Position);
  t.strictSame(await keys(), ISSUED);
});

t.test('the jobs of a dead worker are given back, those of a living one are left alone', async (t) => {
  await liveness.announce('living-worker');
  const take = (key: string | undefined, worker: string, since: string) =>
    pool.query(
      `update graphile_worker._private_jobs set locked_by = $2, locked_at = now() - $3::interval where key = $1`,
      [key, worker, since],
    );
  const holders = async () => {
    const { rows } = await pool.query<{ locked_by: string | null }>(
      'select locked_by from graphile_worker._private_jobs order by key',
    );
    return rows.map(({ locked_by }) => locked_by);
  };
  await take(ISSUED[0], 'living-worker', '1 hour');
  await take(ISSUED[1], 'dead-worker', '-1 hour');
  t.equal(await releaseJobsOfTheDead(pool), 0, 'it may be about to announce itself');
  await take(ISSUED[1], 'dead-worker', '2 seconds');
  t.equal(await releaseJobsOfTheDead(pool, ['dead-worker']), 0, 'it is known to be alive');
  await until(async () => (await releaseJobsOfTheDead(pool)) === 1, 'a database that has just started is old enough');
  t.strictSame(await holders(), ['living-worker', null]);
  t.equal(await releaseJobsOfTheDead(pool), 0);
});
