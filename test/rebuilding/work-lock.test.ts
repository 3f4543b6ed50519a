import { once } from 'node:events';
import t from 'tap';

import { alone } from '../../src/rebuilding/work-lock.js';
import { openTestCore } from '../support/core.js';

const { core, url } = await openTestCore(t);
const { signal } = new AbortController();

/** Cuts the connection that makes sure of being the only one. */
const cut = () =>
  core.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'work on numbered'`,
  );

t.test('only one at a time works on a projection', async (t) => {
  await alone(url, 'numbered', signal, async () => {
    await t.rejects(
      alone(url, 'numbered', signal, async () => 'too'),
      { code: 'projection-work-under-way' },
    );
  });
  t.equal(await alone(url, 'numbered', signal, async () => 'next'), 'next');
});

t.test('work that is done is done, though the certainty of being the only one was lost meanwhile', async (t) => {
  const done = await alone(url, 'numbered', signal, async (stillAlone) => {
    await cut();
    if (!stillAlone.aborted) await once(stillAlone, 'abort');
    return 'switched';
  });
  t.equal(done, 'switched');
});

t.test('work that gives up because the certainty is lost says so', async (t) => {
  const interrupted = alone(url, 'numbered', signal, async (stillAlone) => {
    await cut();
    if (!stillAlone.aborted) await once(stillAlone, 'abort');
    stillAlone.throwIfAborted();
  });
  await t.rejects(interrupted, { code: 'projection-work-interrupted' });
});
