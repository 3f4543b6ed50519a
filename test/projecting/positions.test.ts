import t from 'tap';

import type { Position } from '../../src/event-store/event-store.js';
import { CHECKPOINT_CHANNEL, moveCheckpoint, startCheckpoint } from '../../src/projecting/checkpoint.js';
import { ProjectionPositions } from '../../src/projecting/positions.js';
import { openTestCore } from '../support/core.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';

const { core, url } = await openTestCore(t);
const { db, pool } = core;

const at = (n: number) => String(n).padStart(8, '0') as Position;

/** Moves a projection's checkpoint, which tells everybody. */
async function advance(name: string, from: number, to: number): Promise<void> {
  await db.transaction().execute(async (tx) => moveCheckpoint(tx, name, at(from), at(to)));
}

async function opened(t: { teardown(action: () => Promise<unknown>): void }): Promise<ProjectionPositions> {
  const positions = await new ProjectionPositions(db, url, silent).open();
  t.teardown(() => positions.close());
  return positions;
}

t.test('what is reached already is not waited for', async (t) => {
  await startCheckpoint(db, 'there', 1, at(5));
  const positions = await opened(t);
  t.equal(await positions.wait('there', at(5), 0), true);
  t.equal(await positions.wait('there', at(3), 0), true);
});

t.test('what is not reached in time is answered with false', async (t) => {
  await startCheckpoint(db, 'slow', 1, at(5));
  const positions = await opened(t);
  t.equal(await positions.wait('slow', at(6), 0), false);
  t.equal(await positions.wait('slow', at(6), 30), false);
  t.equal(await positions.wait('unknown', at(1), 0), false);
});

t.test('a notification wakes everybody who waits for it, and nobody else', async (t) => {
  await startCheckpoint(db, 'told', 1, at(1));
  const positions = await opened(t);
  const waiting = [2, 2, 3].map((n) => positions.wait('told', at(n), 20_000));
  const later = positions.wait('told', at(4), 300);
  await advance('told', 1, 3);
  t.strictSame(await Promise.all(waiting), [true, true, true]);
  t.equal(await later, false);
});

t.test('what a transaction says that is rolled back, nobody hears', async (t) => {
  await startCheckpoint(db, 'undone', 1, at(1));
  const positions = await opened(t);
  const undone = db.transaction().execute(async (tx) => {
    await moveCheckpoint(tx, 'undone', at(1), at(2));
    throw new Error('undone');
  });
  await t.rejects(undone, { message: 'undone' });
  t.equal(await positions.wait('undone', at(2), 100), false);
});

t.test('without any notification, waiting looks for itself', async (t) => {
  await startCheckpoint(db, 'untold', 1, at(1));
  const positions = await opened(t);
  const waiting = positions.wait('untold', at(2), 20_000);
  await pool.query(`update following.checkpoints set position = $1 where name = 'untold'`, [at(2)]);
  t.equal(await waiting, true);
});

t.test('after its connection was cut, it listens again', async (t) => {
  await startCheckpoint(db, 'cut', 1, at(1));
  const positions = await opened(t);
  const listeners = async (): Promise<number[]> => {
    const { rows } = await pool.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and application_name = 'projection positions' and query like 'listen%'`,
    );
    return rows.map(({ pid }) => pid);
  };
  const before = await listeners();
  await pool.query('select pg_terminate_backend(unnest($1::integer[]))', [before]);
  const isNew = (pid: number) => !before.includes(pid);
  await until(async () => (await listeners()).filter(isNew).length === before.length, 'all listen again');
  const waiting = positions.wait('cut', at(2), 20_000);
  // Only a notification can tell: the checkpoint itself does not move.
  await pool.query('select pg_notify($1, $2)', [CHECKPOINT_CHANNEL, `cut ${at(2)}`]);
  t.equal(await waiting, true);
});
