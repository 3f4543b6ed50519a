import t from 'tap';

import { PROJECTIONS } from '../../src/projections.js';
import { contextOf, openTestCore } from '../support/core.js';
import { trapMails } from '../support/mail-trap.js';
import { startMailing } from '../support/mailing.js';
import { until } from '../support/until.js';
import { liveOn, operationsOn, patient } from './support.js';

t.test('what operators do with projections mails nobody, enqueues nothing and appends nothing', async (t) => {
  const test = await openTestCore(t, { followers: true });
  const { core } = test;
  const trap = await trapMails();
  t.teardown(() => trap.close());
  const mailing = await startMailing(core, { smtpUrl: trap.url });
  t.teardown(() => mailing.stop());
  const founded = await test.foundWorkspace();
  await liveOn(test, founded, 20);
  await test.caughtUp();
  await until(async () => {
    const { queue } = await core.reactor.status();
    return queue.every(({ due, running }) => due + running === 0);
  }, 'all mails that were called for have been dealt with');
  await test.caughtUp();
  t.ok(trap.mails.length > 0, 'the worker mails');

  /** What an effect could not leave as it is: identities are never given twice. The hourly job of the queue itself does not count. */
  const traces = async () => {
    const { rows } = await core.pool.query(
      `select pg_sequence_last_value(pg_get_serial_sequence('graphile_worker._private_jobs', 'id')::regclass)
         - (select count(last_execution) from graphile_worker._private_known_crontabs) as jobs`,
    );
    return { mails: trap.mails.length, jobs: rows[0]?.jobs, head: await core.store.head() };
  };
  const before = await traces();
  const operations = operationsOn(test);
  for (const { name } of PROJECTIONS) {
    t.match(await operations.rebuild(name, { ...patient, switch: true }), { state: 'switched' }, name);
    t.match(await operations.switchBack(name, patient), { state: 'switched' }, name);
    await operations.drop(name, 'previous', patient);
    t.match(await operations.verify(name, patient), { equal: true }, name);
  }
  await test.caughtUp();
  t.strictSame(await traces(), before);

  const invitee = test.invitee('one-more@example.com');
  await core.invitations.invite(founded.workspaceId, founded.ownerId, invitee, contextOf(founded.ownerId));
  await until(() => trap.mails.some(({ to }) => to === invitee.email), 'the worker mails as before');
  t.equal(trap.mails.length, before.mails + 1, 'and nothing else');
});
