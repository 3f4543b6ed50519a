import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';

import type { Founded } from '../support/core.js';
import { openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { liveOn, operationsOn, patient } from './support.js';

const REBUILDER = fileURLToPath(new URL('./rebuilder.js', import.meta.url));

const KILLS = 30;

/** Longer than a whole rebuild takes, in milliseconds: some processes are killed when they have switched. */
const LATEST = 600;

// Thirty processes are started: on a busy machine that takes its time.
t.setTimeout(600_000);

const test = await openTestCore(t, { followers: true });
const { core, url } = test;
const operations = operationsOn(test);

/** Lets a process rebuild, and kills it at a random moment. @returns what it said before */
async function killed(): Promise<string> {
  const child = spawn(process.execPath, [REBUILDER, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  await until(() => said !== '' || child.exitCode !== null, 'it builds');
  await delay(Math.random() * LATEST);
  child.kill('SIGKILL');
  await exit;
  return said;
}

/** Somebody always invites, as long as `isOver` does not say so. */
async function neverRest(founded: Founded, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await liveOn(test, founded, 3);
    await delay(20);
  }
}

t.test(
  `a rebuild that is killed ${KILLS} times at random, while people are invited, ends with tables proven equal`,
  async (t) => {
    const founded = await test.foundWorkspace();
    await liveOn(test, founded, 300);
    let over = false;
    const living = neverRest(founded, () => over);
    const shares: number[] = [];
    let switches = 0;
    for (let kills = 0; kills < KILLS; kills++) {
      await killed();
      const standing = (await operations.list()).find(({ name }) => name === 'users-tab');
      shares.push(standing?.next?.progress.share ?? 0);
      if (!standing?.previous) continue;
      switches++;
      await until(
        () => operations.drop('users-tab', 'previous', patient).then(() => true, isBusy),
        'the lock of the killed process is free',
      );
    }
    over = true;
    await living;
    t.ok(new Set(shares).size > 3, `they were killed at different points: ${shares.map((share) => share.toFixed(2))}`);
    t.comment(`${switches} of ${KILLS} had switched before they were killed`);

    const last = await operations.rebuild('users-tab', { ...patient, switch: true });
    t.match(last, { state: 'switched', comparison: { equal: true } });
    await test.caughtUp();
    t.equal((await operations.verify('users-tab', patient))?.equal, true);
    const { rows } = await core.pool.query(
      `select nspname from pg_namespace where nspname like 'users_tab%' order by 1`,
    );
    t.strictSame(rows, [{ nspname: 'users_tab' }, { nspname: 'users_tab__previous' }], 'nothing is left behind');
  },
);

function isBusy(error: NodeJS.ErrnoException): boolean {
  if (error.code !== 'projection-work-under-way') throw error;
  return false;
}
