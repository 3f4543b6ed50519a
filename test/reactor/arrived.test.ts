/** Mails that the mail server took although the connection ended before it said so, and reports that tell. */
import t from 'tap';

import type { IssueOfInvitation } from '../../src/domain/membership/events.js';
import { makeMailsDue, readQueuedMails } from '../../src/reactor/queue.js';
import { openTestCore } from '../support/core.js';
import { deliveryTo } from '../support/delivery.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;
const testCore = await openTestCore(t, { followers: true });
const { core, caughtUp } = testCore;
const founded = await testCore.foundWorkspace();
const { workspaceId } = founded;
const { mailing, invite, jobsOf, nothingLeft } = deliveryTo(testCore, founded);

/** Reports that an attempt's mail has arrived, as whoever handled it does. */
async function reportArrival(link: IssueOfInvitation, attempt: number): Promise<void> {
  const report = {
    id: `arrival of ${link.invitationId}`,
    reportedBy: 'dsn',
    mail: { ...link, attempt },
    isProven: true,
    kind: 'delivered',
    reply: '250 2.0.0 taken',
  } as const;
  const at = { correlationId: 'report', now: new Date().toISOString() };
  t.match(await core.deliveryReports.recordAll([report], at, () => {}), { recorded: 1 });
}

t.test('a mail whose arrival is reported while it waits to be tried again is not', async (t) => {
  const { server, worker } = await mailing(t, ['takes-and-drops', 'takes'], { pauses: [HOUR] });
  const { link, told, userId } = await invite('arrived@example.com');
  await told('Deferred');
  await until(async () => (await jobsOf(link.invitationId, 'send-invitation')).length === 1, 'it waits');
  await reportArrival(link, 1);
  await nothingLeft(t, link.invitationId, 'send-invitation');
  t.strictSame(await readQueuedMails(core.db, 10), [], 'operators see no mail that waits');
  t.equal(await makeMailsDue(core.db), 0);
  await worker.tasks['send-invitation']({ ...link, attempt: 2, causationId: 'late', correlationId: 'late' });
  t.strictSame(
    server.copies.map(({ nth }) => nth),
    [1],
  );
  t.strictSame(await told('Delivered', 1), [
    ['Attempted', 1],
    ['Deferred', 1],
    ['Delivered', 1],
  ]);
  t.match(await core.usersTab.get(workspaceId, userId), {
    delivery: 'delivered',
    delivery_attempt: 1,
    delivery_next_at: null,
  });
  t.strictSame(Object.fromEntries(worker.counts), { 'attempted invitation': 1, 'mail invitation deferred': 1 });
});

t.test('reported once it is being tried again, its arrival makes that try the last', async (t) => {
  const { server, worker } = await mailing(t, ['takes-and-drops', 'takes-and-hangs', 'takes']);
  const { link, told, userId } = await invite('again@example.com');
  await until(() => server.copies.length === 2, 'the second try has handed the mail over');
  await reportArrival(link, 1);
  await server.leave();
  await server.comeBack();
  t.strictSame(await told('Deferred', 2), [
    ['Attempted', 1],
    ['Deferred', 1],
    ['Attempted', 2],
    ['Delivered', 1],
    ['Deferred', 2],
  ]);
  await nothingLeft(t, link.invitationId, 'send-invitation');
  t.equal(server.copies.length, 2);
  t.strictSame(Object.fromEntries(worker.counts), { 'attempted invitation': 2, 'mail invitation deferred': 2 });
  t.match(await core.usersTab.get(workspaceId, userId), { delivery: 'delivered', delivery_next_at: null });
});

t.test('a try that was cut off is not taken up again once its mail is reported to have arrived', async (t) => {
  const { server, worker } = await mailing(t, ['takes-and-hangs', 'takes'], { pauses: [HOUR] });
  const { link, told, userId } = await invite('cut-off@example.com');
  await until(() => server.copies.length === 1, 'the mail is handed over, and no answer comes');
  await reportArrival(link, 1);
  // As whoever takes over the jobs of a worker that was killed.
  await worker.tasks['send-invitation']({ ...link, attempt: 1, causationId: 'taken over', correlationId: 'test' });
  t.equal(server.copies.length, 1);
  await server.leave();
  await told('Deferred', 1);
  await nothingLeft(t, link.invitationId, 'send-invitation');
  await caughtUp();
  t.match(await core.usersTab.get(workspaceId, userId), { delivery: 'delivered', delivery_next_at: null });
});
