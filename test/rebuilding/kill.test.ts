import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';

import { PROJECTIONS } from '../../src/projections.js';
import type { Founded } from '../support/core.js';
import { openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { liveOn, operationsOn, patient } from './support.js';

const REBUILDER = fileURLToPath(new URL('./rebuilder.js', import.meta.url));

const KILLS = 30;

/** Longer than a whole rebuild takes, in milliseconds: some processes are killed when they have switched. */
const LATEST = 600;

// Thirty processes are started: on a busy machine that takes its time.
t.setTimeout(900_000);

const PROVED = { state: 'switched', comparison: { equal: true } };

const test = await openTestCore(t, { followers: true });
const { core, url } = test;
const operations = operationsOn(test);

const PHASES = ['reading', 'indexing', 'comparing'] as const;

/** When a process is killed: at random, or as soon as it says that a phase has begun. */
const MOMENTS = ['at random', ...PHASES] as const;
type Moment = (typeof MOMENTS)[number];

/** Lets a process rebuild, and kills it. @returns the last that it said, where that was before it was done */
async function killed(name: string, moment: Moment): Promise<string | undefined> {
  const child = spawn(process.execPath, [REBUILDER, url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
    if (said.includes(`${moment}\n`)) child.kill('SIGKILL');
  });
  if (moment === 'at random') {
    await until(() => said !== '' || child.exitCode !== null, 'it builds');
    await delay(Math.random() * LATEST);
    child.kill('SIGKILL');
  }
  await exit;
  return child.signalCode === 'SIGKILL' ? said.trim().split('\n').at(-1) : undefined;
}

/** Somebody always invites, as long as `isOver` does not say so. */
async function neverRest(founded: Founded, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await liveOn(test, founded, 1);
    await delay(100);
  }
}

t.test(`rebuilds that are killed ${KILLS} times, while people are invited, end with tables proven equal`, async (t) => {
  const founded = await test.foundWorkspace();
  await liveOn(test, founded, 200);
  let over = false;
  const living = neverRest(founded, () => over);
  const points: string[] = [];
  /** On a busy machine one may hear of a phase when it is over: then one more is killed. */
  const missed = () => PHASES.find((phase) => !points.some((point) => point.startsWith(phase)));
  for (let kills = 0; kills < KILLS || missed(); kills++) {
    const { name } = PROJECTIONS[kills % PROJECTIONS.length] as (typeof PROJECTIONS)[number];
    const inTurn = MOMENTS[Math.floor(kills / PROJECTIONS.length) % MOMENTS.length] as Moment;
    const moment = kills < KILLS ? inTurn : (missed() ?? inTurn);
    const last = await killed(name, moment);
    const standing = (await operations.list()).find((each) => each.name === name);
    points.push(`${last} ${(standing?.next?.progress.share ?? 0).toFixed(2)}`);
    if (!standing?.previous) continue;
    await until(
      () => operations.drop(name, 'previous', patient).then(() => true, isBusy),
      'the lock of the killed process is free',
    );
  }
  over = true;
  await living;
  t.comment(`killed at: ${points.join(', ')}`);
  t.ok(points.length >= KILLS);

  for (const { name, schema } of PROJECTIONS) {
    await until(
      () =>
        operations
          .rebuild(name, { ...patient, switch: true })
          .then((outcome) => t.match(outcome, PROVED, name), isBusy),
      'the lock of the killed process is free',
    );
    await test.caughtUp();
    t.equal((await operations.verify(name, patient))?.equal, true, name);
    const { rows } = await core.pool.query('select nspname from pg_namespace where nspname like $1 order by 1', [
      `${schema}%`,
    ]);
    t.strictSame(rows, [{ nspname: schema }, { nspname: `${schema}__previous` }], 'nothing is left behind');
  }
});

function isBusy(error: NodeJS.ErrnoException): boolean {
  if (error.code !== 'projection-work-under-way') throw error;
  return false;
}
