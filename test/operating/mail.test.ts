import t from 'tap';

import { makeMailsDue, readQueuedMails } from '../../src/reactor/queue.js';
import { contextOf, openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { operate } from './operator.js';

const test = await openTestCore(t, { followers: true });
const { core, url } = test;
const { workspaceId, ownerId } = await test.foundWorkspace();
for (const email of ['one@example.com', 'two@example.com']) {
  await core.invitations.invite(workspaceId, ownerId, test.invitee(email), contextOf(ownerId));
}
await test.caughtUp();

t.test('reactor status tells how far it is, who leads and what waits', async (t) => {
  const { code, out } = await operate(url, 'reactor', 'status', '--json');
  t.equal(code, 0);
  const standing = JSON.parse(out);
  t.match(standing, { share: 1, lagSeconds: 0, newerThanLog: false, leader: { since: String } });
  const sends = standing.queue.find(({ name }: { name: string }) => name === 'send-invitation');
  t.match(sends, { due: 2, later: 0, running: 0, exhausted: 0, oldestDueAt: String });
  const text = await operate(url, 'reactor', 'status');
  t.match(text.out, /^At position \d{16}, 100% of the log, 0s behind\.\nLed from \S.* since /);
  t.match(text.out, /\nexpire-invitation +0 +2 +0 +0\n/);
});

t.test('mails that wait are shown without an address, and are made due', async (t) => {
  await core.pool.query(
    `update graphile_worker._private_jobs set run_at = now() + interval '1 hour', attempts = 3,
       last_error = '450 4.2.1 <one@example.com>: mailbox of one@example.com is busy'
     where key like 'send-invitation:%'`,
  );
  const queue = await operate(url, 'mail', 'queue');
  t.equal(queue.code, 0);
  t.match(queue.out, /^job +kind +invitation +due +tries +last error\n/);
  t.match(
    queue.out,
    /send-invitation .* \(issue 1, attempt 1\) +\d{4}-\S+ +3\/25 +450 4\.2\.1 <\(address\)>: mailbox of \(address\)/,
  );
  t.notMatch(queue.out, /@/);

  const [first, second] = await readQueuedMails(core.db, 10);
  const one = await operate(url, 'mail', 'retry', '--job', String(first?.id), '--json');
  t.strictSame([one.code, JSON.parse(one.out)], [0, { due: 1 }]);
  await core.pool.query(`update graphile_worker._private_jobs set attempts = max_attempts where id = $1`, [second?.id]);
  t.equal((await operate(url, 'mail', 'retry')).out, 'One mail is due now.\n');
  const now = Date.now() + 1_000;
  for (const { dueAt, tries, mostTries } of await readQueuedMails(core.db, 10)) {
    t.ok(Date.parse(dueAt) <= now && tries < mostTries, 'it is taken up again');
  }
  t.equal(await makeMailsDue(core.db), 0, 'what is due needs no help');
  t.equal((await operate(url, 'mail', 'retry', '--job', 'x')).code, 2);
});

t.test('without a leader the reactor falls behind, and status says by how long', async (t) => {
  await Promise.all(test.following.map((following) => following.stop()));
  const invited = contextOf(ownerId, new Date(Date.now() - 90_000).toISOString());
  await core.invitations.invite(workspaceId, ownerId, test.invitee('three@example.com'), invited);
  const standing = await until(async () => {
    const { out } = await operate(url, 'reactor', 'status', '--json');
    const told = JSON.parse(out);
    return told.leader === null && told;
  }, 'nobody leads');
  t.ok(standing.lagSeconds >= 90 && standing.lagSeconds < 1_000, `it is ${standing.lagSeconds} s behind`);
  t.ok(standing.share < 1);
});
